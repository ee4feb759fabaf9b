// Improves pages that already work without script: starts the design system's components,
// brings the error summary to people's attention and keeps a form from being sent twice by a double press.
// It is loaded as a module, so browsers that cannot run it leave the page as it is.

const RESEND_AFTER_MILLISECONDS = 4000

document.documentElement.classList.add('js-enabled', 'nhsuk-frontend-supported')
document.body.classList.add('js-enabled', 'nhsuk-frontend-supported')

await startDesignSystem()
focusErrorSummary()
preventDoubleSending()

// The address comes from the page, so that it carries the mark of the file's content.
async function startDesignSystem() {
  const address = document.querySelector('link[rel="modulepreload"][data-design-system]')?.href
  if (!address) {
    return
  }
  try {
    const { initAll } = await import(address)
    initAll()
  } catch (error) {
    console.error('The design system could not start; the page works without it.', error)
  }
}

function focusErrorSummary() {
  const summary = document.querySelector('[data-module="nhsuk-error-summary"]')
  if (!summary || summary.contains(document.activeElement)) {
    return
  }
  summary.setAttribute('tabindex', '-1')
  summary.focus()
}

// The button is only marked and ignored for a moment, never disabled: a disabled button would lose its
// name and value, and would stay dead if the network failed or the person came back.
function preventDoubleSending() {
  document.addEventListener('submit', (event) => {
    const form = event.target
    if (form.getAttribute('method')?.toLowerCase() !== 'post' || event.defaultPrevented) {
      return
    }
    if (form.dataset.sending) {
      event.preventDefault()
      return
    }
    form.dataset.sending = 'true'
    const release = () => delete form.dataset.sending
    setTimeout(release, RESEND_AFTER_MILLISECONDS)
    window.addEventListener('pageshow', release, { once: true })
  })
}
