// Lets staff mark words in a comment with the mouse or with Shift and the arrows: what is marked goes into the box of words to
// strike out. Without it, the words are typed there.

const original = document.querySelector('#original')
const box = document.querySelector('#words')

if (original && box) {
  original.addEventListener('mouseup', takeMarked)
  original.addEventListener('keyup', takeMarked)
}

function takeMarked() {
  const marked = document.getSelection()
  const words = marked.toString().replace(/\s+/g, ' ').trim()
  if (!words || !original.contains(marked.anchorNode) || !original.contains(marked.focusNode)) {
    return
  }
  const lines = box.value.split('\n').filter((line) => line.trim())
  if (!lines.includes(words)) {
    box.value = [...lines, words].join('\n')
  }
}
