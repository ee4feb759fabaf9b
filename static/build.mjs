// Fills static/vendor/ from node_modules. Run by `make setup` after `npm ci`; running it again changes nothing.
//
// Two things are changed on the way, so that no page asks a third party for anything:
// the licensed web font is left out (text falls back to Arial), and images are addressed relative to the stylesheet.
import { existsSync } from 'node:fs'
import { mkdir, readFile, readdir, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const here = dirname(fileURLToPath(import.meta.url))
const source = join(here, '..', 'node_modules', 'nhsuk-frontend', 'dist', 'nhsuk')
const vendor = join(here, 'vendor')
const icons = ['arrow-down', 'arrow-up', 'arrow-up-down', 'cross'].map((name) => `nhsuk-icon-${name}.svg`)

if (!existsSync(source)) {
  console.error('node_modules/nhsuk-frontend is missing: run `make setup`')
  process.exit(1)
}

const files = new Map([
  ['nhsuk-frontend.css', withoutThirdParties(await read('nhsuk-frontend.min.css'))],
  ['nhsuk-frontend.js', withoutSourceMap(await read('nhsuk-frontend.min.js'))],
])
for (const icon of icons) {
  files.set(`images/${icon}`, await read(`assets/images/${icon}`))
}

await mkdir(join(vendor, 'images'), { recursive: true })
await removeLeftovers()
for (const [name, text] of files) {
  await writeIfChanged(join(vendor, name), text)
}

function read(name) {
  return readFile(join(source, name), 'utf8')
}

function withoutThirdParties(css) {
  const ours = withoutSourceMap(css)
    .replace(/@font-face\s*\{[^}]*\}/g, '')
    .replace(/Frutiger W01,\s*/g, '')
    .replaceAll('url(/assets/images/', 'url(images/')
  refuseUnknownAddresses(ours)
  return ours
}

// A new release may add an address this script does not know: better to stop here than to find it on a page.
function refuseUnknownAddresses(css) {
  for (const [, address] of css.matchAll(/url\(["']?([^)"']+)/g)) {
    const known = address.startsWith('data:') || icons.some((icon) => address === `images/${icon}`)
    if (!known) {
      throw new Error(`nhsuk-frontend's stylesheet asks for ${address}, which static/build.mjs does not provide`)
    }
  }
  if (/https?:\/\/(?!www\.w3\.org)|Frutiger/.test(css)) {
    throw new Error("nhsuk-frontend's stylesheet still names a third party or the licensed font")
  }
}

function withoutSourceMap(text) {
  return text.replace(/\s*(\/\/|\/\*)# sourceMappingURL=.*$/s, '\n')
}

async function removeLeftovers() {
  for (const name of await readdir(vendor, { recursive: true })) {
    const path = name.split('\\').join('/')
    if (path !== '.gitkeep' && path !== 'images' && !files.has(path)) {
      await rm(join(vendor, name), { recursive: true, force: true })
    }
  }
}

async function writeIfChanged(path, text) {
  if (existsSync(path) && (await readFile(path, 'utf8')) === text) {
    return
  }
  await writeFile(path, text)
}
