// Makes the door quick by keyboard. Every press sends the form that stands on the page, as the page without script
// does; the answer is the page as it is then, of which what bears data-live is taken over. Presses are sent one after
// the other in the order in which they were made.

const find = document.querySelector('#door-find input')
const list = document.querySelector('#door-people')
const said = document.querySelector('#door-said')
let sending = Promise.resolve()
let unsure = sending // settled once the page shows how everybody is marked: what an undo changes, only its answer tells
let hit = null

if (find && said) {
  document.querySelector('#door-keys').hidden = false
  find.closest('form').addEventListener('submit', (event) => {
    event.preventDefault()
    markFound()
  })
  find.addEventListener('input', show)
  find.addEventListener('keydown', shortcuts)
  find.addEventListener('beforeinput', star)
  list?.addEventListener('keydown', walk)
  document.addEventListener('submit', press, true)
  find.focus()
}

// A form of the door was sent, by a button or by Enter in one of its boxes.
function press(event) {
  const form = event.target
  if (!form.matches('form[data-door]')) {
    return
  }
  event.preventDefault()
  const button = event.submitter
  const fields = new FormData(form)
  if (button?.name) {
    fields.set(button.name, button.value)
  }
  const row = button?.closest('li[data-seat]')
  let takeBack
  if (row && button.name === 'mark') {
    takeBack = foresee(button.dataset.party ? party(button.dataset.party) : [row], button.dataset.mark)
    next(row)?.focus()
  } else if (button?.name === 'rest') {
    takeBack = foresee(rows().filter((one) => one.dataset.mark === '' && !('waits' in one.dataset)), button.value)
  }
  send(form.getAttribute('action'), fields, takeBack)
  if (form.id === 'door-walk-ins') {
    form.reset()
  }
}

function rows() {
  return list ? [...list.querySelectorAll('li[data-seat]')] : []
}

function party(booking) {
  return rows().filter((row) => row.dataset.seat.split('.')[0] === booking)
}

// One by one: what was marked is behind, the next one in sight gets the focus.
function next(row, step = 1) {
  const seen = rows().filter((one) => !one.hidden)
  return seen[seen.indexOf(row) + step]?.querySelector('button')
}

function walk(event) {
  const row = event.target.closest('li[data-seat]')
  if (!row || event.ctrlKey || event.metaKey || event.altKey) {
    return
  }
  const to = { ArrowDown: next(row), ArrowUp: next(row, -1) ?? find }[event.key]
  if (to) {
    event.preventDefault()
    to.focus()
    return
  }
  const mark = { y: 'came', n: 'not-came' }[event.key.toLowerCase()]
  if (mark) {
    event.preventDefault()
    row.querySelector(`button[data-mark="${mark}"]`).click()
  } else if (event.key === 'Escape') {
    find.focus()
  }
}

// The keyboards on telephones name no keys, only what would be typed.
function star(event) {
  if (find.value === '' && event.data === '*') {
    event.preventDefault()
    document.querySelector('#door-rest button[value="came"]')?.click()
  }
}

function shortcuts(event) {
  if (find.value !== '') {
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault()
      choose(event.key === 'ArrowDown' ? 1 : -1)
    } else if (event.key === 'Escape') {
      clear()
    }
    return
  }
  const undo = (event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'z'
  if (undo) {
    event.preventDefault()
    document.querySelector('#door-undo')?.click()
  } else if (event.key === 'ArrowDown') {
    event.preventDefault()
    const first = rows().find((row) => row.dataset.mark === '') ?? rows()[0]
    first?.querySelector('button').focus()
  }
}

const plain = (text) => text.normalize('NFD').replace(/\p{Mn}/gu, '').toLowerCase()
const letters = (text) => plain(text).replace(/[^\p{L}\p{N}]+/gu, '')

// Somebody is meant by their number, the first three of their reference, or the beginnings of words of their name.
function found() {
  const text = find.value.trim()
  const exact = rows().filter((row) => row.dataset.number === plain(text))
  if (exact.length > 0) {
    return exact
  }
  const words = plain(text).split(/[^\p{L}\p{N}]+/u).filter(Boolean)
  return rows().filter((row) => {
    const name = plain(row.dataset.name).split(/[^\p{L}\p{N}]+/u)
    const byReference = letters(text).length >= 3 && letters(row.dataset.reference).startsWith(letters(text))
    return byReference || words.every((word) => name.some((part) => part.startsWith(word)))
  })
}

function show() {
  const seen = find.value.trim() === '' ? rows() : found()
  for (const row of rows()) {
    row.hidden = !seen.includes(row)
  }
  point(find.value.trim() !== '' && seen.length === 1 ? seen[0] : null)
}

function point(row) {
  hit?.removeAttribute('data-hit')
  hit = row
  hit?.setAttribute('data-hit', '')
  if (hit) {
    say(`${hit.dataset.number} ${hit.dataset.name}: press Enter to change`)
  }
}

function choose(step) {
  const seen = rows().filter((row) => !row.hidden)
  point(seen[(seen.indexOf(hit) + step + seen.length) % seen.length] ?? null)
}

function clear() {
  find.value = ''
  show()
}

// Enter in the box changes the one person who was found: came, and who had come did not.
async function markFound() {
  const seen = rows().filter((row) => !row.hidden)
  if (find.value.trim() === '') {
    return
  }
  if (!hit) {
    say(seen.length === 0 ? 'Nobody fits. Look at the spelling, or add them without a booking.' : `${seen.length} people fit. Type more, or choose with ↓.`)
    return
  }
  const id = hit.id
  clear()
  await unsure
  const row = document.getElementById(id)
  const mark = row.dataset.mark === 'came' ? 'not-came' : 'came'
  const form = row.closest('form')
  const fields = new FormData(form)
  fields.set('mark', `${mark}:${row.dataset.seat}`)
  send(form.getAttribute('action'), fields, foresee([row], mark))
}

function showMark(row, mark) {
  row.dataset.mark = mark
  for (const button of row.querySelectorAll('button[data-mark]:not([data-party])')) {
    button.setAttribute('aria-pressed', String(button.dataset.mark === mark))
  }
}

// What was pressed shows at once; what the answer says then stands. It gives a way to take that back.
function foresee(changed, mark) {
  const before = changed.map((row) => [row.id, row.dataset.mark])
  changed.forEach((row) => showMark(row, mark))
  const who = changed.length === 1 ? `${changed[0].dataset.number} ${changed[0].dataset.name}` : `${changed.length} people`
  say(`${who}: ${mark === 'came' ? 'came' : 'did not come'}`)
  return () => before.forEach(([id, was]) => showMark(document.getElementById(id), was))
}

function send(address, fields, takeBack) {
  fields.set('press', uuid())
  fields.set('device', device())
  waiting(1)
  sending = sending.then(() => post(address, fields, takeBack)).catch(() => {
    refused('The last press was not saved: there is no connection. Press again.', takeBack)
  }).finally(() => waiting(-1))
  if (!takeBack) {
    unsure = sending
  }
}

// How many presses are not answered yet stands on the page, for whoever looks on.
function waiting(more) {
  document.body.dataset.doorWaits = String(Number(document.body.dataset.doorWaits ?? 0) + more)
}

function refused(text, takeBack) {
  takeBack?.()
  say(text, true)
}

async function post(address, fields, takeBack) {
  const answer = await fetch(address, { method: 'POST', body: new URLSearchParams(fields), credentials: 'same-origin' })
  const page = new DOMParser().parseFromString(await answer.text(), 'text/html')
  const banner = page.querySelector('.app-flash .nhsuk-notification-banner')
  const flash = banner?.querySelector('.nhsuk-notification-banner__content').textContent.trim()
  const problems = [...page.querySelectorAll('.nhsuk-error-summary__list li')].map((one) => one.textContent.trim())
  if (!page.querySelector('#door-totals')) {
    refused(page.querySelector('main')?.textContent.replace(/\s+/g, ' ').trim() ?? 'This was not saved. Load the page again.', takeBack)
  } else if (problems.length > 0) {
    refused(problems.join('. '), takeBack)
  } else if (!banner?.classList.contains('nhsuk-notification-banner--success')) {
    refused(flash ?? 'This was not saved. Load the page again.', takeBack)
  } else if (!takeBack) {
    say(flash)
  }
  if (answer.ok && (!takeBack || Number(document.body.dataset.doorWaits) === 1)) {
    take(page)
  }
}

// Only what differs is replaced, so that the focus, and what a screen reader is at, stay.
function take(page) {
  const focused = document.activeElement?.id
  for (const there of document.querySelectorAll('[data-live]')) {
    const fresh = page.getElementById(there.id)
    if (fresh && fresh.outerHTML !== there.outerHTML) {
      fresh.hidden = there.hidden
      there.replaceWith(document.importNode(fresh, true))
    }
  }
  if (hit) {
    hit = document.getElementById(hit.id)
    hit.setAttribute('data-hit', '')
  }
  if (focused && document.activeElement?.id !== focused) {
    document.getElementById(focused)?.focus()
  }
}

function say(text, wrong = false) {
  said.textContent = text
  said.toggleAttribute('data-wrong', wrong)
}

// Not crypto.randomUUID: that is not there on a site without https.
function uuid() {
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  bytes[6] = (bytes[6] & 0x0f) | 0x40
  bytes[8] = (bytes[8] & 0x3f) | 0x80
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('')
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
}

// This browser tab, so that what several telephones noted can be told apart.
function device() {
  const kept = sessionStorage.getItem('door-device') ?? uuid().slice(0, 8)
  sessionStorage.setItem('door-device', kept)
  return kept
}
