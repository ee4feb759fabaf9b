// Words of a comment that show a theme: what is selected becomes a part of the coding.

// markWords marks the selected words for a theme, and says what came of it.
export function markWords(form, theme) {
  const place = selected()
  if (!place) {
    return 'Select words of the comment first.'
  }
  const label = document.createElement('label')
  label.className = 'app-coding__part'
  const input = document.createElement('input')
  input.type = 'checkbox'
  input.name = 'part'
  input.checked = true
  input.value = `${theme.value}:${place.start}:${place.end}`
  const words = document.createElement('span')
  words.textContent = `${theme.dataset.label}: “${place.words}”`
  label.append(input, words)
  form.querySelector('[data-parts]').append(label)
  getSelection().removeAllRanges()
  return `Marked for ${theme.dataset.label}: ${place.words}`
}

// selected is where the selection stands in the comment, in characters as the server counts them, without spaces around it.
function selected() {
  const text = document.querySelector('[data-text]')
  const selection = getSelection()
  if (!text || selection.rangeCount === 0 || selection.isCollapsed) {
    return null
  }
  const range = selection.getRangeAt(0)
  if (!text.contains(range.startContainer) || !text.contains(range.endContainer)) {
    return null
  }
  const before = document.createRange()
  before.selectNodeContents(text)
  before.setEnd(range.startContainer, range.startOffset)
  const raw = range.toString()
  const words = raw.trim()
  const start = [...before.toString()].length + [...raw].length - [...raw.trimStart()].length
  return words ? { start, end: start + [...words].length, words } : null
}
