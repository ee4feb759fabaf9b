// Lets staff drag questions and sections into another order. Without it, and by keyboard, the buttons "Move up" and
// "Move down" do the same: what is dropped sends the same form, with how many places it moves.

for (const list of document.querySelectorAll('[data-order]')) {
  for (const item of items(list)) {
    item.prepend(handle(list, item))
  }
}

function items(list) {
  return [...list.children].filter((child) => child.dataset.move)
}

function handle(list, item) {
  const grip = document.createElement('span')
  grip.className = 'app-handle'
  grip.textContent = '⠿'
  grip.title = 'Drag to another place'
  grip.setAttribute('aria-hidden', 'true')
  grip.addEventListener('pointerdown', (event) => {
    if (event.button === 0) {
      event.preventDefault()
      drag(list, item)
    }
  })
  return grip
}

// It listens on the document: an item that moves in the page loses the pointer that was captured on it.
function drag(list, item) {
  const from = items(list).indexOf(item)
  const next = item.nextElementSibling
  const listening = new AbortController()
  const on = (name, act) => document.addEventListener(name, act, { signal: listening.signal })
  item.classList.add('app-dragged')
  on('pointermove', (event) => place(list, item, event.clientY))
  on('pointercancel', () => end(() => list.insertBefore(item, next)))
  on('pointerup', () => end(() => send(item, items(list).indexOf(item) - from)))

  function end(act) {
    listening.abort()
    item.classList.remove('app-dragged')
    act()
  }
}

// The item goes before the first other one whose middle is below the pointer.
function place(list, item, y) {
  const others = items(list).filter((other) => other !== item)
  const after = others.find((other) => {
    const box = other.getBoundingClientRect()
    return box.top + box.height / 2 > y
  })
  if (after) {
    list.insertBefore(item, after)
  } else {
    others.at(-1)?.after(item)
  }
}

function send(item, by) {
  if (by === 0) {
    return
  }
  const form = document.createElement('form')
  form.method = 'post'
  form.action = item.dataset.move
  const field = document.createElement('input')
  field.type = 'hidden'
  field.name = 'by'
  field.value = String(by)
  form.append(field)
  document.body.append(form)
  form.submit()
}
