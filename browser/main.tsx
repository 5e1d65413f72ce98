/** The entry of the web messenger. */
import { render } from 'preact'
import { App } from './screens/app.tsx'
import { lookAtClock } from './state/clock.ts'
import { begin, say, wordsOf } from './state/model.ts'
import { beginNotifications } from './state/notifications.ts'
import { beginRoutes } from './state/routes.ts'
import { beginTheme } from './state/theme.ts'
import { guardScriptAddresses } from './state/trusted-types.ts'
import { beginTyping } from './state/typing.ts'
import { beginUpdates } from './state/updates.ts'
import { preferredLanguage, setLanguage } from './texts/catalogue.ts'

guardScriptAddresses()
beginTheme()
beginRoutes()
setLanguage(preferredLanguage()).catch((error: unknown) => { say(wordsOf(error)) })
begin()
const place = document.getElementById('app')
if (place !== null) render(<App />, place)
beginUpdates()
beginNotifications()
beginTyping()
void lookAtClock()
addEventListener('online', () => { void lookAtClock() })
