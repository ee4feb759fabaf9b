// A toolbar over every box for text, so that nobody needs to know the marks of markdown. The arrow keys go from button to
// button, as in every toolbar; Ctrl+B, Ctrl+I and Ctrl+K work in the box. Other scripts put words into a box by the event
// insert-words.

const TOOLS = [
  { text: 'Heading', does: (box) => markLines(box, '## ', /^#{1,6} /) },
  { text: 'Bold', key: 'b', does: (box) => wrap(box, '**', 'bold words') },
  { text: 'Italic', key: 'i', does: (box) => wrap(box, '*', 'italic words') },
  { text: 'Link', key: 'k', does: link },
  { text: 'List', does: (box) => markLines(box, '- ', /^- /) },
  { text: 'Numbered list', does: (box) => markLines(box, (n) => `${n}. `, /^\d+\. /) },
  { text: 'Quote', does: (box) => markLines(box, '> ', /^> /) },
]

const ROWS = 40 // at most
const LINE_PIXELS = 28

for (const box of document.querySelectorAll('textarea[data-words]')) {
  addToolbar(box)
  box.addEventListener('insert-words', (event) => insert(box, event.detail))
  box.addEventListener('input', () => grow(box))
  grow(box)
}

// grow makes a box as high as its words.
function grow(box) {
  if (box.scrollHeight > box.clientHeight) {
    box.rows = Math.min(ROWS, box.rows + Math.ceil((box.scrollHeight - box.clientHeight) / LINE_PIXELS))
  }
}

function addToolbar(box) {
  const bar = document.createElement('div')
  bar.className = 'app-toolbar'
  bar.setAttribute('role', 'toolbar')
  bar.setAttribute('aria-label', `Marks for ${nameOf(box)}`)
  bar.setAttribute('aria-controls', box.id)
  for (const [n, tool] of TOOLS.entries()) {
    const button = document.createElement('button')
    button.type = 'button'
    button.className = 'app-tool'
    button.textContent = tool.text
    button.tabIndex = n === 0 ? 0 : -1
    button.addEventListener('click', () => {
      box.focus()
      tool.does(box)
    })
    bar.append(button)
  }
  bar.addEventListener('keydown', walk)
  box.before(bar)
  box.addEventListener('keydown', (event) => shortcut(event, box))
}

function nameOf(box) {
  const section = box.closest('fieldset')?.querySelector('legend')?.textContent
  return section ? `${section}: ${box.dataset.words}` : box.dataset.words
}

function walk(event) {
  const buttons = [...event.currentTarget.querySelectorAll('button')]
  const at = buttons.indexOf(document.activeElement)
  const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: buttons.length - 1 }[event.key]
  if (to === undefined || event.ctrlKey || event.metaKey || event.altKey) {
    return
  }
  event.preventDefault()
  const next = buttons[(to + buttons.length) % buttons.length]
  for (const button of buttons) {
    button.tabIndex = button === next ? 0 : -1
  }
  next.focus()
}

function shortcut(event, box) {
  const tool = TOOLS.find((one) => one.key === event.key.toLowerCase())
  if (tool && (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey) {
    event.preventDefault()
    tool.does(box)
  }
}

// insert puts words in the place of what is chosen, so that undo takes them out again.
function insert(box, words) {
  box.focus()
  if (!document.execCommand('insertText', false, words)) {
    box.setRangeText(words, box.selectionStart, box.selectionEnd, 'end')
    box.dispatchEvent(new Event('input', { bubbles: true }))
  }
}

function chosen(box) {
  return box.value.slice(box.selectionStart, box.selectionEnd)
}

// wrap puts marks around what is chosen, or takes them away.
function wrap(box, mark, example) {
  const words = chosen(box)
  const [, before, core, after] = /^(\s*)([\s\S]*?)(\s*)$/.exec(words)
  const start = box.selectionStart
  if (core.length > 2 * mark.length && core.startsWith(mark) && core.endsWith(mark)) {
    insert(box, before + core.slice(mark.length, -mark.length) + after)
    box.setSelectionRange(start, start + words.length - 2 * mark.length)
    return
  }
  const inner = core || example
  insert(box, before + mark + inner + mark + after)
  const at = start + before.length + mark.length
  box.setSelectionRange(at, at + inner.length)
}

// link makes what is chosen a link; an address that is chosen becomes where it leads.
function link(box) {
  const words = chosen(box).trim()
  const start = box.selectionStart
  const isAddress = /^(https?:\/\/|www\.|\/)\S+$/.test(words)
  const text = isAddress || !words ? 'words of the link' : words
  const address = isAddress ? words : 'https://'
  insert(box, `[${text}](${address})`)
  if (isAddress || !words) {
    box.setSelectionRange(start + 1, start + 1 + text.length)
  } else {
    const at = start + text.length + 3
    box.setSelectionRange(at, at + address.length)
  }
}

// markLines puts a mark at the beginning of each chosen line, or takes it away where every line has it.
function markLines(box, mark, has) {
  const begin = box.value.lastIndexOf('\n', box.selectionStart - 1) + 1
  const next = box.value.indexOf('\n', box.selectionEnd)
  const end = next < 0 ? box.value.length : next
  const lines = box.value.slice(begin, end).split('\n')
  const marked = lines.every((line) => !line.trim() || has.test(line)) && lines.some((line) => has.test(line))
  let number = 0
  const changed = lines.map((line) => {
    if (!line.trim() && lines.length > 1) {
      return line
    }
    number++
    const bare = line.replace(/^(#{1,6} |- |> |\d+\. )/, '')
    return marked ? bare : (typeof mark === 'string' ? mark : mark(number)) + bare
  })
  box.setSelectionRange(begin, end)
  insert(box, changed.join('\n'))
  box.setSelectionRange(begin, begin + changed.join('\n').length)
  if (lines.length === 1) {
    box.setSelectionRange(box.selectionEnd, box.selectionEnd)
  }
}
