// Reads an iCalendar text from standard input with ical.js, which shares nothing with the program that wrote it, and
// prints what a calendar makes of it. Instants come from the time zone that the text itself carries.
import { readFileSync } from 'node:fs'
import ICAL from 'ical.js'

ICAL.TimezoneService.reset()
const calendar = new ICAL.Component(ICAL.parse(readFileSync(0, 'utf8')))
const zones = Object.fromEntries(calendar.getAllSubcomponents('vtimezone').map(z => [z.getFirstPropertyValue('tzid'), new ICAL.Timezone(z)]))
const meetings = calendar.getAllSubcomponents('vevent')
if (meetings.length !== 1) {
  throw new Error(`${meetings.length} meetings in one mail`)
}

const meeting = meetings[0]
console.log(JSON.stringify({
  method: calendar.getFirstPropertyValue('method'),
  uid: meeting.getFirstPropertyValue('uid'),
  sequence: meeting.getFirstPropertyValue('sequence'),
  status: meeting.getFirstPropertyValue('status'),
  start: instant('dtstart'),
  organizer: meeting.getFirstPropertyValue('organizer'),
  attendee: meeting.getFirstPropertyValue('attendee')
}))

function instant(name) {
  const property = meeting.getFirstProperty(name)
  if (!property) {
    return ''
  }
  const time = property.getFirstValue().clone()
  const zone = property.getFirstParameter('tzid')
  if (zone) {
    if (!zones[zone]) {
      throw new Error(`${name} is in ${zone}, which the text does not describe`)
    }
    time.zone = zones[zone]
  } else if (time.zone !== ICAL.Timezone.utcTimezone) {
    throw new Error(`${name} floats: it has no time zone`)
  }
  return new Date(time.toUnixTime() * 1000).toISOString()
}
