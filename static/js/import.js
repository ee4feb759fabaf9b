// Keeps the page of a list up to date while it is worked on. Without script the page has a link to look again.

const LOOK_EVERY_MILLISECONDS = 2000

const region = document.querySelector('[data-import]')
if (region) {
  look()
}

async function look() {
  await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MILLISECONDS))
  if (!document.hidden) {
    try {
      const answer = await fetch(location.href, { credentials: 'same-origin', redirect: 'error' })
      if (answer.ok && !show(new DOMParser().parseFromString(await answer.text(), 'text/html'))) {
        location.reload()
        return
      }
    } catch {
      // The next look may do better; the link is still there.
    }
  }
  look()
}

// Takes over how far the work is; false once it is done and another page stands there.
function show(page) {
  const text = page.querySelector('[data-import-text]')
  const bar = page.querySelector('[data-import] progress')
  if (!text || !bar) {
    return false
  }
  region.querySelector('[data-import-text]').textContent = text.textContent
  const mine = region.querySelector('progress')
  mine.max = bar.max
  mine.value = bar.value
  return true
}
