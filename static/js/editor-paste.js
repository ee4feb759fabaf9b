// What is pasted from Word, from a mail or from a page keeps its headings, lists, bold words and links: its HTML becomes
// markdown. The HTML is only read, never shown, so nothing in it runs.

for (const box of document.querySelectorAll('textarea[data-words]')) {
  box.addEventListener('paste', paste)
}

function paste(event) {
  const box = event.currentTarget
  const html = event.clipboardData?.getData('text/html')
  const read = html ? markdownOf(html) : {}
  if (!read.words || !read.shaped) {
    return // nothing but plain words: the browser pastes them
  }
  event.preventDefault()
  box.dispatchEvent(new CustomEvent('insert-words', { detail: fit(box, read.words) }))
  const said = read.pictures ? 'Pasted. Pictures are left out: add a picture as a section of its own.' : 'Pasted. Headings, lists, bold words and links are kept.'
  document.dispatchEvent(new CustomEvent('said', { detail: said }))
}

// fit puts blocks on lines of their own; a few words go into the line where they are pasted.
function fit(box, words) {
  if (!/\n|^(#|-|\d+\.|>) /.test(words)) {
    return words
  }
  const before = box.value.slice(0, box.selectionStart)
  const after = box.value.slice(box.selectionEnd)
  const head = !before.trim() || before.endsWith('\n\n') ? '' : before.endsWith('\n') ? '\n' : '\n\n'
  const tail = !after.trim() || after.startsWith('\n\n') ? '' : after.startsWith('\n') ? '\n' : '\n\n'
  return head + words + tail
}

// markdownOf reads HTML and gives markdown, whether there was any shape to keep, and whether pictures were left out.
function markdownOf(html) {
  const page = new DOMParser().parseFromString(withoutStyles(html), 'text/html')
  const out = { blocks: [], shaped: false, pictures: false }
  readBlocks(page.body, out, {})
  const words = joined(out.blocks)
  return { words, shaped: out.shaped || out.blocks.length > 1, pictures: out.pictures }
}

// withoutStyles keeps styles as words to read, under another name: a page of ours applies none that stand inline.
function withoutStyles(html) {
  return html.replace(/<style[\s\S]*?<\/style>/gi, '').replace(/<[a-z][^>]*>/gi, (tag) => tag.replace(/\sstyle\s*=/gi, ' data-style='))
}

const SKIPPED = new Set(['STYLE', 'SCRIPT', 'META', 'LINK', 'TITLE', 'XML', 'HEAD', 'TEMPLATE', 'NOSCRIPT', 'O:P', 'SVG', 'OBJECT', 'BUTTON', 'SELECT', 'INPUT', 'TEXTAREA'])
const BLOCKS = new Set(['P', 'DIV', 'H1', 'H2', 'H3', 'H4', 'H5', 'H6', 'UL', 'OL', 'LI', 'TABLE', 'TBODY', 'THEAD', 'TFOOT', 'TR', 'TD', 'TH', 'BLOCKQUOTE', 'SECTION', 'ARTICLE',
  'HEADER', 'FOOTER', 'MAIN', 'ASIDE', 'NAV', 'FIGURE', 'FIGCAPTION', 'DL', 'DT', 'DD', 'PRE', 'ADDRESS', 'HR', 'BODY', 'CENTER', 'FORM'])

// readBlocks walks through an element and gathers blocks: {kind, text, level}. Words between blocks are a paragraph.
function readBlocks(parent, out, where) {
  let loose = []
  const flush = () => {
    paragraph(loose, out, where)
    loose = []
  }
  for (const node of parent.childNodes) {
    if (node.nodeType === Node.ELEMENT_NODE && !hidden(node) && isBlock(node)) {
      flush()
      readBlock(node, out, where)
    } else {
      loose.push(node)
    }
  }
  flush()
}

function isBlock(element) {
  return BLOCKS.has(element.tagName) || [...element.children].some((child) => isBlock(child))
}

function hidden(element) {
  const style = styleOf(element)
  return SKIPPED.has(element.tagName) || /\bmsocom|MsoCommentReference/i.test(element.className) || /display:\s*none|mso-element:\s*(comment|footnote|endnote)|mso-hide:\s*all/i.test(style)
}

function styleOf(element) {
  return element.dataset?.style ?? ''
}

function readBlock(element, out, where) {
  const heading = headingLevel(element)
  if (heading) {
    const text = inline(element.childNodes, out, { plain: true })
    if (text) {
      out.shaped = true
      out.blocks.push({ kind: 'heading', text: `## ${text}` })
    }
    return
  }
  const word = wordItem(element)
  if (word) {
    out.shaped = true
    item(out, { level: word.level, ordered: word.ordered, text: inline(element.childNodes, out, {}) })
    return
  }
  switch (element.tagName) {
    case 'UL':
    case 'OL':
      out.shaped = true
      list(element, out, (where.list ?? 0) + 1)
      return
    case 'TABLE':
      out.shaped = true
      table(element, out)
      return
    case 'BLOCKQUOTE':
      quote(element, out)
      return
    case 'HR':
      return
  }
  readBlocks(element, out, where)
}

function headingLevel(element) {
  const tag = /^H([1-6])$/.exec(element.tagName)
  if (tag) {
    return Number(tag[1])
  }
  if (/\bMso(Title|Subtitle|Heading\d?)\b/i.test(element.className)) {
    return 1
  }
  const outline = /mso-outline-level:\s*(\d)/i.exec(styleOf(element))
  return outline && element.tagName === 'P' ? Number(outline[1]) : 0
}

// wordItem says whether a paragraph is a point of a list of Word's: Word writes lists as paragraphs whose style names the
// list and the level, with the mark ("·", "1.") in a span that other programs shall ignore.
function wordItem(element) {
  const style = styleOf(element)
  const inList = /mso-list:\s*l\d+\s+level(\d+)/i.exec(style)
  if (element.tagName !== 'P' || (!inList && !/\bMsoListParagraph|\bMsoListBullet|\bMsoListNumber/i.test(element.className))) {
    return null
  }
  const mark = [...element.querySelectorAll('[data-style]')].find((one) => /mso-list:\s*Ignore/i.test(styleOf(one)))?.textContent
  if (!inList && mark === undefined && !/MsoList(Bullet|Number)/i.test(element.className)) {
    return null // a paragraph indented like a list, without a mark
  }
  return { level: inList ? Number(inList[1]) : 1, ordered: /^\s*\(?([0-9]+|[a-z]|[ivx]+)[.)]/i.test(mark ?? '') || /MsoListNumber/i.test(element.className) }
}

function list(element, out, level) {
  const ordered = element.tagName === 'OL'
  for (const child of element.children) {
    if (child.tagName === 'UL' || child.tagName === 'OL') {
      list(child, out, level + 1) // as Outlook nests them
      continue
    }
    const nested = [...child.querySelectorAll(':scope > ul, :scope > ol')]
    const own = [...child.childNodes].filter((node) => !nested.includes(node))
    item(out, { level, ordered, text: inline(own, out, {}) })
    for (const inner of nested) {
      list(inner, out, level + 1)
    }
  }
}

// item adds a point. Points of one list stand on lines below each other, deeper ones indented.
function item(out, { level, ordered, text }) {
  text = text.replaceAll('\\\n', ' ').replaceAll('\n', ' ').trim()
  if (!text) {
    return
  }
  const before = out.blocks.at(-1)
  const sameList = before?.kind === 'item'
  const depth = sameList ? Math.min(level, before.level + 1) : 1
  const number = ordered ? countAbove(out.blocks, depth) + 1 : 0
  const indent = '   '.repeat(depth - 1)
  out.blocks.push({ kind: 'item', level: depth, ordered, text: `${indent}${ordered ? `${number}.` : '-'} ${text}` })
}

function countAbove(blocks, level) {
  let n = 0
  for (let i = blocks.length - 1; i >= 0 && blocks[i].kind === 'item' && blocks[i].level >= level; i--) {
    if (blocks[i].level === level) {
      if (!blocks[i].ordered) {
        break
      }
      n++
    }
  }
  return n
}

// table gives a point for each row: a letter has no tables. One cell alone is a box to put things in, not a table.
function table(element, out) {
  const rows = [...element.rows]
  const layout = rows.every((row) => row.cells.length <= 1)
  for (const row of rows) {
    if (layout) {
      readBlocks(row, out, {})
      continue
    }
    const cells = [...row.cells].map((cell) => inline(cell.childNodes, out, {}).replace(/\s*\n\s*/g, ' ').trim()).filter(Boolean)
    if (cells.length > 0) {
      item(out, { level: 1, ordered: false, text: cells.length === 2 ? `${cells[0].replace(/:$/, '')}: ${cells[1]}` : cells.join(', ') })
    }
  }
}

function quote(element, out) {
  const inner = { blocks: [], shaped: false, pictures: false }
  readBlocks(element, inner, {})
  out.pictures ||= inner.pictures
  if (inner.blocks.length > 0) {
    out.shaped = true
    out.blocks.push({ kind: 'quote', text: joined(inner.blocks).split('\n').map((line) => `> ${line}`.trimEnd()).join('\n') })
  }
}

function paragraph(nodes, out, where) {
  const text = inline(nodes, out, {})
  if (text) {
    out.blocks.push({ kind: 'paragraph', text: startEscaped(text), ...where })
  }
}

// inline reads running words with their bold, italics and links.
function inline(nodes, out, options) {
  const pieces = []
  for (const node of nodes) {
    collect(node, { bold: false, italic: false, href: '' }, pieces, out)
  }
  return written(pieces, options)
}

function collect(node, style, pieces, out) {
  if (node.nodeType === Node.TEXT_NODE) {
    pieces.push({ ...style, text: node.data.replace(/[\s\u00a0]+/g, ' ') })
    return
  }
  if (node.nodeType !== Node.ELEMENT_NODE || hidden(node) || /mso-list:\s*Ignore|mso-special-character:\s*comment/i.test(styleOf(node))) {
    return
  }
  if (node.tagName === 'BR') {
    pieces.push({ ...style, text: '\n' })
    return
  }
  if (node.tagName === 'IMG' || /^V:/.test(node.tagName)) {
    out.pictures = true
    return
  }
  const inner = styled(node, style)
  out.shaped ||= inner.bold !== style.bold || inner.italic !== style.italic || inner.href !== style.href
  const block = BLOCKS.has(node.tagName) && pieces.length > 0 // paragraphs within a cell or a point
  if (block) {
    pieces.push({ ...style, text: '\n' })
  }
  for (const child of node.childNodes) {
    collect(child, inner, pieces, out)
  }
}

// styled is how words within the element look. Google's documents come in a <b> that is not bold.
function styled(element, style) {
  const css = styleOf(element)
  const weight = /(?:^|;)\s*font-weight:\s*(bold|normal|\d+)/i.exec(css)?.[1].toLowerCase()
  const slant = /(?:^|;)\s*font-style:\s*(italic|normal)/i.exec(css)?.[1].toLowerCase()
  const bold = weight ? weight === 'bold' || Number(weight) >= 600 : style.bold || ['B', 'STRONG'].includes(element.tagName)
  const italic = slant ? slant === 'italic' : style.italic || ['I', 'EM', 'CITE'].includes(element.tagName)
  return { bold, italic, href: linkOf(element) || style.href }
}

function linkOf(element) {
  const href = element.tagName === 'A' ? (element.getAttribute('href') ?? '').trim() : ''
  return /^(https?:\/\/|mailto:|tel:|\/(?!\/))/i.test(href) ? href.replaceAll(' ', '%20').replaceAll('(', '%28').replaceAll(')', '%29') : ''
}

// written puts the marks around words. Words that look alike are put together first, so that Word's many small spans
// leave no trace; spaces stay outside the marks.
function written(pieces, { plain = false }) {
  const runs = []
  for (const piece of pieces) {
    const last = runs.at(-1)
    if (last && last.bold === piece.bold && last.italic === piece.italic && last.href === piece.href) {
      last.text += piece.text
    } else {
      runs.push({ ...piece })
    }
  }
  const text = runs.map((run) => (plain ? run.text : marked(run))).join('')
  return text.replace(/ *\n */g, '\n').replace(/ {2,}/g, ' ').replace(/\n{2,}/g, '\n').trim()
}

function marked({ text, bold, italic, href }) {
  const [, before, core, after] = /^(\s*)([\s\S]*?)(\s*)$/.exec(text)
  if (!core) {
    return text
  }
  let words = escaped(core)
  if (href && href.replace(/^mailto:|\/$/g, '') === core.replace(/\/$/, '')) {
    words = core // an address in full is a link by itself
  } else if (href) {
    words = `[${words}](${href})`
  }
  if (italic) {
    words = `*${words}*`
  }
  if (bold) {
    words = `**${words}**`
  }
  return before + words + after
}

// escaped keeps what looks like a mark but is none: a star, a bracket, a backslash.
function escaped(text) {
  return text.replace(/([\\*[\]])/g, '\\$1').replace(/(^|[^\p{L}\p{N}])_|_(?=[^\p{L}\p{N}]|$)/gu, (found) => found.replace('_', '\\_'))
}

// startEscaped keeps a paragraph that begins like a heading or a list from becoming one.
function startEscaped(text) {
  return text.replace(/^(#{1,6} |[-+>] |-{3,}$)/gm, '\\$1').replace(/^(\d+)([.)]) /gm, '$1\\$2 ')
}

// joined writes blocks below each other: points of a list on lines next to each other, all else with an empty line.
function joined(blocks) {
  let words = ''
  for (const [n, block] of blocks.entries()) {
    if (n > 0) {
      words += block.kind === 'item' && blocks[n - 1].kind === 'item' ? '\n' : '\n\n'
    }
    words += block.text
  }
  return words
}
