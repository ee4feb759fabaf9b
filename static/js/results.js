// Keeps the results of a survey up to date: it asks how many have answered, and takes over the page's numbers when more have.
// It asks less often while the page is not looked at.

const ASK_EVERY_MILLISECONDS = 10000
const ASK_UNSEEN_EVERY_MILLISECONDS = 60000

const box = document.querySelector('#results-live')

if (box?.dataset.href) {
  later()
}

function later() {
  setTimeout(ask, document.hidden ? ASK_UNSEEN_EVERY_MILLISECONDS : ASK_EVERY_MILLISECONDS)
}

async function ask() {
  try {
    const answer = await fetch(box.dataset.href, { credentials: 'same-origin', headers: { Accept: 'application/json' } })
    const now = answer.ok ? await answer.json() : {}
    if (now.complete !== undefined && String(now.complete) !== box.dataset.complete) {
      await takeOver()
    }
  } catch {
    // The page shows what it showed; the next time may go better.
  }
  later()
}

async function takeOver() {
  const answer = await fetch(location.href, { credentials: 'same-origin' })
  const page = new DOMParser().parseFromString(await answer.text(), 'text/html')
  const fresh = page.querySelector('#results-live')
  if (!answer.ok || !fresh || box.contains(document.activeElement)) {
    return
  }
  box.replaceChildren(...document.importNode(fresh, true).childNodes)
  box.dataset.complete = fresh.dataset.complete
  document.querySelector('#results-said').textContent = `${fresh.dataset.complete} people have answered now.`
}
