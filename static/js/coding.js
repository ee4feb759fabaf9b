// Coding by keyboard: one key ticks a theme, one saves and goes on. The next comment is there already when a key asks for
// it, and what was coded is sent behind it; what is refused comes back to the screen with all that was chosen. Without
// script the page is a plain form.

import { markWords } from './coding-parts.js'

const OFF = 'coding-keys-off'
let next = null // the page of the next comment: a promise of { main, title, here }
let sending = 0
let handled = false // the key that is down was an answer, and no letter to write
let last = null // the theme that was ticked last

start()

function start() {
  if (!screen()) {
    return
  }
  document.addEventListener('keydown', press)
  document.addEventListener('keypress', (event) => handled && event.preventDefault()) // some ways of typing send it all the same
  document.addEventListener('submit', submit)
  document.addEventListener('change', changed)
  document.addEventListener('click', click)
  document.addEventListener('input', (event) => event.target.matches('[data-find-box]') && filter(event.target.value))
  window.addEventListener('popstate', () => location.reload())
  window.addEventListener('beforeunload', (event) => sending > 0 && event.preventDefault())
  arrive()
}

function screen() {
  return document.querySelector('[data-coding]')
}

function form() {
  return document.querySelector('[data-code]')
}

// arrive makes a page that has just come to the screen ready.
function arrive() {
  last = null
  document.querySelectorAll('[data-keys], [data-find]').forEach((part) => (part.hidden = false))
  showKeys()
  if (!document.querySelector('[data-module="nhsuk-error-summary"]')) {
    document.querySelector('[data-said]')?.focus({ preventScroll: true })
  }
  if (!next && screen()?.dataset.next) {
    next = fetchPage(screen().dataset.next)
  }
}

function keysOn() {
  return localStorage.getItem(OFF) === null
}

function showKeys() {
  const button = document.querySelector('[data-keys-switch]')
  screen()?.classList.toggle('app-coding--keys', keysOn())
  if (button) {
    button.setAttribute('aria-pressed', String(!keysOn()))
  }
}

function press(event) {
  handled = false
  if (!screen() || event.isComposing || event.ctrlKey || event.altKey || event.metaKey) {
    return
  }
  if (event.target.matches('[data-find-box]')) {
    return finding(event)
  }
  if (!keysOn() || event.target.matches('input[type="text"], textarea, select')) {
    return
  }
  if (event.key === 'Enter' && event.target.matches('button, a, summary')) {
    return
  }
  if (answer(event.key.toLowerCase(), event.repeat)) {
    keep(event)
  }
}

function keep(event) {
  handled = true
  event.preventDefault()
}

// answer does what a key asks for, and says whether there was anything.
function answer(key, repeat) {
  const input = form()?.querySelector(`[data-key="${CSS.escape(key)}"]`)
  if (input) {
    return repeat || tick(input)
  }
  switch (key) {
    case 'enter':
      return repeat || (form().requestSubmit(), true)
    case '/':
      document.querySelector('[data-find-box]').focus()
      return true
    case 's':
      return repeat || !screen().dataset.next || (skip(), true)
    case 'u':
      return repeat || !screen().dataset.undo || (document.querySelector('[data-undo-form]').requestSubmit(), true)
    case 'e':
      say(last ? markWords(form(), last) : 'Tick a theme first.')
      return true
  }
  return false
}

function tick(input) {
  input.checked = input.type === 'radio' || !input.checked
  input.dispatchEvent(new Event('change', { bubbles: true }))
  return true
}

function changed(event) {
  const input = event.target
  if (!form()?.contains(input)) {
    return
  }
  const name = input.dataset.label
  if (input.name === 'theme') {
    last = input.checked ? input : null
    if (input.checked) {
      form().querySelector('[name="verdict"][value="coded"]').checked = true
    }
    const count = form().querySelectorAll('[name="theme"]:checked').length
    say(`${name} ${input.checked ? 'added' : 'removed'}. ${count} ${count === 1 ? 'theme' : 'themes'}.`)
  } else if (name) {
    say(input.type === 'checkbox' && !input.checked ? `${name}: no.` : `${name}.`)
  }
  if (input.name === 'verdict' && input.value !== 'coded') {
    form().querySelectorAll('[name="theme"]:checked, [name="part"]:checked').forEach((one) => (one.checked = false))
  }
}

function say(text) {
  const place = document.querySelector('[data-say]')
  if (place) {
    place.textContent = text
  }
}

// Finding: what is typed hides the themes that do not fit. Enter ticks the first that is left, Escape gives up.
function finding(event) {
  if (event.key !== 'Enter' && event.key !== 'Escape') {
    return
  }
  keep(event)
  const box = event.target
  const first = box.value.trim() && event.key === 'Enter' ? [...form().querySelectorAll('[data-theme-item]:not([hidden]) [name="theme"]')][0] : null
  if (event.key === 'Enter' && box.value.trim() && !first) {
    say('No theme is called that.')
    return
  }
  box.value = ''
  filter('')
  if (first) {
    tick(first)
  }
  document.querySelector('[data-said]').focus({ preventScroll: true })
}

function filter(text) {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean)
  form().querySelectorAll('[data-theme-item]').forEach((item) => {
    const name = item.dataset.name.toLowerCase()
    item.hidden = !words.every((word) => name.includes(word))
  })
}

function click(event) {
  if (event.target.closest('[data-keys-switch]')) {
    keysOn() ? localStorage.setItem(OFF, 'yes') : localStorage.removeItem(OFF)
    showKeys()
    return
  }
  const skipping = event.target.closest('[data-skip]')
  if (skipping && next) {
    event.preventDefault()
    skip()
  }
}

async function skip() {
  const page = await take()
  page ? show(page) : location.assign(screen().dataset.next)
}

// submit sends a coding or an undoing without leaving the page.
function submit(event) {
  if (event.target.matches('[data-undo-form]')) {
    event.preventDefault()
    undo(event.target)
  } else if (event.target.matches('[data-code]') && screen().dataset.next && next) {
    event.preventDefault()
    accept(event.target)
  }
}

// accept shows the next comment at once, and sends what was chosen for this one behind it. The answer is the page of the
// comment after that.
async function accept(sent) {
  const body = new URLSearchParams(new FormData(sent))
  if (!['theme', 'part', 'excerpt'].some((name) => body.getAll(name).some(Boolean)) && body.get('verdict') === 'coded') {
    say('Tick a theme, or press 0 if none fits.')
    return
  }
  const coded = screen()
  const page = await take()
  if (!page) {
    sent.submit() // the plain way
    return
  }
  body.set('not', page.comment)
  next = send(sent.action, body).then((answered) => {
    if (answered.ok) {
      flash(answered.flash)
      return answered
    }
    refused(answered, coded, sent)
    return fetchPage(screen().dataset.next)
  })
  show(page) // after the next is on its way, or it would be asked for twice
}

async function undo(sent) {
  await next?.catch(() => {})
  const kept = detach()
  const page = await send(sent.action, new URLSearchParams(new FormData(sent)))
  if (page.main) {
    next = Promise.resolve(kept)
    show(page)
    flash(page.flash)
  } else {
    sent.submit()
  }
}

// take gives the page of the next comment, null where there is none to show in place.
async function take() {
  const page = await next?.catch(() => null)
  next = null
  return page?.ok && page.main ? page : null
}

async function send(action, body) {
  sending++
  try {
    return await read(await fetch(action, { method: 'POST', body }))
  } catch {
    return { ok: false }
  } finally {
    sending--
  }
}

async function fetchPage(path) {
  return read(await fetch(path))
}

async function read(response) {
  const page = new DOMParser().parseFromString(await response.text(), 'text/html')
  const coding = page.querySelector('[data-coding]')
  const main = page.querySelector('main')
  return {
    ok: response.ok,
    main: main && document.adoptNode(main),
    title: page.title,
    here: coding?.dataset.comment ? hereOf(coding) : response.url,
    comment: coding?.dataset.comment ?? '',
    flash: page.querySelector('.app-flash'),
  }
}

// hereOf is the address under which this very comment is shown again.
function hereOf(coding) {
  return coding.dataset.here
}

// detach is the page on the screen, to be shown again with all that is chosen on it.
function detach() {
  return { ok: true, main: document.querySelector('main'), title: document.title, here: location.href, comment: screen()?.dataset.comment ?? '' }
}

function show(page) {
  document.querySelector('.app-flash')?.remove()
  document.querySelector('main').replaceWith(page.main)
  document.title = page.title
  history.pushState(null, '', page.here)
  scrollTo(0, 0)
  arrive()
}

function flash(banner) {
  if (banner) {
    document.querySelector('.app-flash')?.remove()
    document.querySelector('main').before(document.adoptNode(banner))
    say(banner.textContent.trim())
  }
}

// refused says that a coding was not saved, and leads to it: nothing that was chosen is lost.
function refused(answered, coded, sent) {
  const notice = document.querySelector('[data-refused]') ?? document.createElement('div')
  notice.dataset.refused = ''
  notice.className = 'app-coding__refused'
  notice.setAttribute('role', 'alert')
  const text = document.createElement('p')
  text.textContent = `Comment ${coded.dataset.comment} is not saved. ${answered.main ? 'Somebody else worked on it, or something is missing.' : 'The server did not answer.'}`
  const button = document.createElement('button')
  button.type = 'button'
  button.className = 'nhsuk-button nhsuk-button--small'
  button.textContent = answered.main ? 'Look at it' : 'Try again'
  button.addEventListener('click', () => {
    notice.remove()
    if (answered.main) {
      next = Promise.resolve(detach())
      show({ ...answered, ok: true, here: coded.dataset.here })
    } else {
      sent.isConnected || (sent.hidden = true, document.body.append(sent))
      sent.submit()
    }
  })
  notice.replaceChildren(text, button)
  document.querySelector('main').before(notice)
}
