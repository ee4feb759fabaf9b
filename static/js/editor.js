// Saves a letter while it is written; without it the page is a plain form in which every button saves. Every save carries
// the text that it is based on, so that the program can tell when two people write. What could not be saved is kept in
// the browser, and sent when the page is opened again.

const QUIET_MILLISECONDS = 2000 // after the last key
const LONGEST_MILLISECONDS = 10000 // while somebody types without a pause
const RETRY_MILLISECONDS = 10000
const LOOK_MILLISECONDS = 15000 // for others who write
const LARGEST_ON_LEAVING = 60000 // bytes that a browser sends while a page is closed

const letter = document.querySelector('form#letter')

if (letter) {
  document.addEventListener('said', (event) => say(event.detail))
  keepSaved(letter)
}

function keepSaved(form) {
  const state = { saved: words(form), dirtySince: 0, timer: 0, sending: null, aside: false, leaving: false }
  const store = form.dataset.store

  form.addEventListener('input', () => touched())
  form.addEventListener('change', () => touched())
  form.addEventListener('submit', () => {
    state.leaving = true // the form itself saves now
    keep(true)
  })
  document.addEventListener('visibilitychange', () => document.hidden && leave())
  window.addEventListener('pagehide', leave)
  window.addEventListener('online', () => dirty() && save())
  window.addEventListener('pageshow', () => {
    state.leaving = false
  })
  setInterval(look, LOOK_MILLISECONDS)
  restore()

  function dirty() {
    return words(form) !== state.saved
  }

  function touched() {
    if (!dirty()) {
      return
    }
    keep()
    state.dirtySince ||= Date.now()
    const wait = Math.min(QUIET_MILLISECONDS, Math.max(0, state.dirtySince + LONGEST_MILLISECONDS - Date.now()))
    later(wait)
  }

  function later(wait) {
    clearTimeout(state.timer)
    state.timer = setTimeout(save, wait)
  }

  async function save() {
    clearTimeout(state.timer)
    if (state.leaving || state.sending || !dirty()) {
      return
    }
    const sent = words(form)
    state.dirtySince = 0
    state.sending = send(form.action, fields(form))
    const answer = await state.sending
    state.sending = null
    taken(answer, sent)
  }

  function taken(answer, sent) {
    if (answer.lost) {
      say(`Not saved: ${answer.lost} Your words are kept in this browser.`)
      later(RETRY_MILLISECONDS)
      return
    }
    if (answer.problem) {
      say(`Not saved: ${answer.problem}`)
      return
    }
    form.elements.based_on.value = answer.text
    state.saved = sent
    if (answer.compare) {
      beside(answer)
    } else {
      state.aside = false
      say(`Saved at ${answer.at}.`)
    }
    if (dirty()) {
      touched()
    } else {
      forget()
    }
  }

  // Somebody else saved since: this text is kept beside theirs, and goes on being kept.
  function beside(answer) {
    say(`Kept beside the other text at ${answer.at}.`)
    if (!state.aside) {
      state.aside = true
      tell('Somebody else saved this letter while you were writing. Both texts are kept. ', answer.compare, 'Put the two texts together')
    }
  }

  // What is typed stays in this browser until it is saved.
  function keep(submitted = false) {
    try {
      localStorage.setItem(store, JSON.stringify({ at: clock(), submitted, basedOn: form.elements.based_on.value, fields: [...fields(form)] }))
    } catch {
      // a browser that keeps nothing: the program still saves
    }
  }

  function forget() {
    try {
      localStorage.removeItem(store)
    } catch {
      // nothing was kept
    }
  }

  function leave() {
    if (state.leaving || !dirty()) {
      return
    }
    keep()
    const data = fields(form)
    if (data.toString().length < LARGEST_ON_LEAVING) {
      send(form.action, data, true).then((answer) => answer.text && taken(answer, words(form)))
    }
  }

  // Sends what this browser kept when it could not save. The program knows what it is based on: where somebody has
  // saved since, it is kept beside theirs.
  async function restore() {
    let kept
    try {
      kept = JSON.parse(localStorage.getItem(store) ?? 'null')
    } catch {
      forget()
    }
    if (!kept) {
      return
    }
    if (kept.submitted && kept.basedOn === form.dataset.after) {
      forget() // the form arrived
      return
    }
    const answer = await send(form.action, new URLSearchParams(kept.fields))
    if (answer.lost || answer.problem) {
      say(`Words of ${kept.at} that were not saved are still kept in this browser. ${answer.lost ?? answer.problem}`)
      return
    }
    forget()
    if (answer.compare) {
      tell(`This browser had words of ${kept.at} that were not saved. They are kept beside the text. `, answer.compare, 'Put the two texts together')
    } else if (String(answer.text) !== form.elements.based_on.value) {
      const note = `Words of ${kept.at} that were not saved are back.`
      sessionStorage.setItem(store, note)
      state.leaving = true
      location.reload()
    }
  }

  async function look() {
    if (document.hidden || state.sending || state.aside) {
      return
    }
    const answer = await get(form.dataset.now)
    if (!answer || answer.mine || String(answer.text) === form.elements.based_on.value || state.sending) {
      return
    }
    if (dirty()) {
      save()
    } else if (!document.querySelector('#conflict a')) {
      tell(`${answer.by} saved another text at ${answer.at}. `, location.pathname, 'Show it before you go on')
    }
  }

  const note = sessionStorage.getItem(store)
  if (note) {
    sessionStorage.removeItem(store)
    say(note)
  }
}

// words is all that stands in the form, to tell whether it has changed.
function words(form) {
  const data = fields(form)
  data.delete('based_on')
  return data.toString()
}

// fields are those of the form, pictures left out: they are sent by a button.
function fields(form) {
  const data = new URLSearchParams()
  for (const [name, value] of new FormData(form)) {
    if (typeof value === 'string' && name !== 'do') {
      data.append(name, value)
    }
  }
  return data
}

// send posts a form and gives the answer; lost says in words why there is none.
async function send(address, data, leaving = false) {
  try {
    const response = await fetch(address, { method: 'POST', body: data, headers: { Accept: 'application/json' }, keepalive: leaving, redirect: 'manual' })
    if (response.type === 'opaqueredirect') {
      return { lost: 'you are signed out. Sign in again in another window, and come back here.' }
    }
    if (!response.headers.get('Content-Type')?.startsWith('application/json')) {
      return { lost: 'the program did not answer as it should.' }
    }
    return await response.json()
  } catch {
    return { lost: 'there is no connection.' }
  }
}

async function get(address) {
  try {
    const response = await fetch(address, { headers: { Accept: 'application/json' }, redirect: 'manual' })
    return response.ok ? await response.json() : null
  } catch {
    return null
  }
}

function tell(words, href, text) {
  const box = document.querySelector('#conflict')
  const line = document.createElement('p')
  const link = document.createElement('a')
  link.href = href
  link.textContent = text
  line.append(words, link)
  box.className = 'nhsuk-inset-text'
  box.replaceChildren(line)
}

// say says something where a screen reader hears it and everybody sees it.
function say(words) {
  document.querySelector('#saved').textContent = words
}

function clock() {
  return new Date().toTimeString().slice(0, 5)
}
