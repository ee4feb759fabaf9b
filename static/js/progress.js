// Keeps the numbers of a letter that is leaving up to date. It asks for a few numbers every other second, less often while
// the page is not looked at; a screen reader is told how it stands twice a minute at most, and of each change at once.

const ASK_EVERY_MILLISECONDS = 2000
const ASK_UNSEEN_EVERY_MILLISECONDS = 15000
const SAY_EVERY_MILLISECONDS = 30000

const box = document.querySelector('#progress')
const said = document.querySelector('#progress-said')
let lastSaid = Date.now()

if (box?.dataset.href) {
  document.querySelector('#progress-again')?.setAttribute('hidden', '')
  later()
}

function later() {
  setTimeout(ask, document.hidden ? ASK_UNSEEN_EVERY_MILLISECONDS : ASK_EVERY_MILLISECONDS)
}

async function ask() {
  try {
    const answer = await fetch(box.dataset.href, { credentials: 'same-origin', headers: { Accept: 'application/json' } })
    if (!answer.ok) {
      throw new Error(String(answer.status))
    }
    await show(await answer.json())
  } catch {
    say('The numbers are not up to date: there is no connection. The letter goes on.', true)
  }
  if (box.dataset.state !== 'ended') {
    later()
  }
}

async function show(now) {
  document.querySelector('#progress-headline').textContent = now.headline
  document.querySelector('#progress-bar').value = now.percent
  for (const place of box.querySelectorAll('[data-count]')) {
    place.textContent = now.counts[place.dataset.count] ?? place.textContent
  }
  if (now.state === box.dataset.state) {
    say(now.headline)
    return
  }
  box.dataset.state = now.state
  say(now.trouble || now.headline, true)
  await takeOver()
}

// What can be done depends on the state: that part comes from the page itself.
async function takeOver() {
  const answer = await fetch(location.href, { credentials: 'same-origin' })
  const page = new DOMParser().parseFromString(await answer.text(), 'text/html')
  for (const there of document.querySelectorAll('[data-live]')) {
    const fresh = page.getElementById(there.id)
    if (fresh && fresh.outerHTML !== there.outerHTML && !there.contains(document.activeElement)) {
      there.replaceWith(document.importNode(fresh, true))
    }
  }
  document.querySelector('#progress-again')?.setAttribute('hidden', '')
}

function say(text, atOnce = false) {
  if (said.textContent === text || (!atOnce && Date.now() - lastSaid < SAY_EVERY_MILLISECONDS)) {
    return
  }
  lastSaid = Date.now()
  said.textContent = text
}
