// Fast entry of forms on paper by keyboard: one key for each closed question, which moves on by itself. Without script
// the page is a plain form with radio buttons, checkboxes and boxes to type into.

const form = document.querySelector('form[data-entry]')
if (form) {
  const items = [...form.querySelectorAll('[data-item]')]
  form.addEventListener('keydown', (event) => press(event, items))
  form.addEventListener('keypress', neverSendByAccident)
  if (!document.querySelector('[data-module="nhsuk-error-summary"]')) {
    enter(items[0])
  }
}

function press(event, items) {
  const item = event.target.closest('[data-item]')
  if (!item || event.isComposing || event.altKey || event.metaKey) {
    return
  }
  if (event.ctrlKey) {
    if (event.key === 'Enter') {
      event.preventDefault()
      form.requestSubmit()
    }
    return
  }
  const done = event.key === 'Enter' ? goOn(event, item, items) : !typing(event.target) && choose(event, item, items)
  if (done) {
    event.preventDefault()
  }
}

// A browser sends a form where Enter is pressed in one of its fields. Here only the button does, or Ctrl and Enter.
function neverSendByAccident(event) {
  if (event.key === 'Enter' && event.target.matches('input, select')) {
    event.preventDefault()
  }
}

// Enter: to the box for "other" where that is chosen and still empty, else to the next question. Buttons and links keep it.
function goOn(event, item, items) {
  if (event.target.matches('button, a') || (event.target.matches('textarea') && event.shiftKey)) {
    return false
  }
  const other = item.querySelector('[data-other-text]')
  if (other && other !== event.target && !other.value && item.querySelector('[data-other]:checked')) {
    other.focus()
    return true
  }
  enter(next(item, items))
  return true
}

function choose(event, item, items) {
  if (event.key === 'Backspace') {
    enter(items[Math.max(0, items.indexOf(item) - 1)])
    return true
  }
  if (event.key === 'Delete') {
    item.querySelectorAll('input').forEach((input) => (input.type === 'text' ? (input.value = '') : (input.checked = false)))
    return true
  }
  const key = event.key === '?' ? '0' : event.key.toLowerCase()
  const input = [...item.querySelectorAll('[data-key]')].find((one) => one.dataset.key === key)
  if (!input) {
    return false
  }
  if (event.repeat) {
    return true // a key that is held down answers one question and not the next ones too
  }
  input.checked = input.type === 'radio' || !input.checked
  input.focus()
  if (input.type === 'radio') {
    const other = input.matches('[data-other]') && item.querySelector('[data-other-text]')
    other ? other.focus() : enter(next(item, items))
  }
  return true
}

function typing(element) {
  return element.matches('textarea, input[type="text"], select')
}

// The next question that is meant for this person, or that has an answer all the same.
function next(item, items) {
  return items.slice(items.indexOf(item) + 1).find((one) => meant(one) || filled(one)) ?? items.at(-1)
}

function meant(item) {
  const { ifName, ifValue, ifNot } = item.dataset
  if (!ifName) {
    return true
  }
  const asked = [...form.elements].find((one) => one.name === ifName)?.closest('[data-item]')
  const chosen = [...form.elements].some((one) => one.name === ifName && one.value === ifValue && one.checked)
  return (chosen && (!asked || meant(asked) || filled(asked))) !== (ifNot !== undefined)
}

function filled(item) {
  return [...item.querySelectorAll('input, textarea')].some((one) => (one.matches('[type="radio"], [type="checkbox"]') ? one.checked : one.value !== ''))
}

function enter(item) {
  const control = item.querySelector('input:checked') ?? item.querySelector('input, textarea, button')
  control.focus({ preventScroll: true })
  item.scrollIntoView({ block: 'center', behavior: 'instant' })
}
