/** Runs in the frame around a lesson: offers the API that the lesson looks for, and reports what it is told. */
import { newSession, type Session } from '../../../modules/packages/runtime.schema.ts'
import {
  commit12,
  diagnostic12,
  errorString12,
  finish12,
  getValue12,
  initialize12,
  lastError12,
  setValue12,
} from '../../../modules/packages/scorm12.rules.ts'
import {
  commit2004,
  diagnostic2004,
  errorString2004,
  getValue2004,
  initialize2004,
  lastError2004,
  setValue2004,
  terminate2004,
} from '../../../modules/packages/scorm2004.rules.ts'
import { type Mailing, noOutbox, type Outbox, outboxOf, sendForgotten } from './outbox.ts'
import { sweepFor } from './storage.ts'

type Settings = {
  kind: 'scorm12' | 'scorm2004' | 'videos' | 'cmi5'
  unitKind: 'sco' | 'asset' | 'au' | 'video'
  source: string
  values: Record<string, string>
  commitAddress: string
  launchId: string
  packageId: string
  sealKey: string
}

const settings = JSON.parse(document.getElementById('settings')?.textContent ?? '{}') as Settings
const status = document.getElementById('status')
const lesson = document.getElementById('lesson') as HTMLIFrameElement | HTMLVideoElement
const words = {
  saved: '进度已保存',
  waiting: '网络不通，进度存在本机，恢复后自动提交',
  ended: '这次学习已在别处继续或已结束',
}

const session: Session = newSession(settings.values)
const mailing: Mailing = { ...settings, address: settings.commitAddress }
const looking = settings.commitAddress === ''
const outbox: Outbox = looking
  ? noOutbox
  : outboxOf(
      mailing,
      (state) => {
        if (!status || status.dataset.state === state) return
        status.dataset.state = state
        status.textContent = words[state]
      },
      (way) => {
        // Content asked for it and sequencing agreed; where it did not, the learner stays with the list of units.
        if ('address' in way) location.replace(way.address)
        else if (status) status.textContent = '课件要去的单元还没有开放，请回到单元目录'
      },
    )

function report(final: boolean): void {
  const changes = session.changed.splice(0)
  if (changes.length === 0 && !final) return
  outbox.add(changes, final)
  void outbox.send()
}

/** After each call of the lesson: what it saved goes on its way at once, what it only set within ten seconds. */
let waiting = false
const changed = () => {
  if (waiting) return
  waiting = true
  setTimeout(() => {
    waiting = false
    if (session.phase === 'running') report(false)
  }, 10_000)
}

const told = (answer: { value: string; error: number }, after: () => void = () => {}) => {
  if (answer.error === 0) after()
  return answer.value
}

const api12 = {
  LMSInitialize: (text: unknown) => told(initialize12(session, text)),
  LMSFinish: (text: unknown) => told(finish12(session, text), () => report(true)),
  LMSGetValue: (name: unknown) => getValue12(session, name).value,
  LMSSetValue: (name: unknown, value: unknown) => told(setValue12(session, name, value), changed),
  LMSCommit: (text: unknown) => told(commit12(session, text), () => report(false)),
  LMSGetLastError: () => lastError12(session),
  LMSGetErrorString: (code: unknown) => errorString12(code),
  LMSGetDiagnostic: (code: unknown) => diagnostic12(session, code),
}
const api2004 = {
  Initialize: (text: unknown) => told(initialize2004(session, text)),
  Terminate: (text: unknown) => told(terminate2004(session, text), () => report(true)),
  GetValue: (name: unknown) => getValue2004(session, name).value,
  SetValue: (name: unknown, value: unknown) => told(setValue2004(session, name, value), changed),
  Commit: (text: unknown) => told(commit2004(session, text), () => report(false)),
  GetLastError: () => lastError2004(session),
  GetErrorString: (code: unknown) => errorString2004(code),
  GetDiagnostic: (code: unknown) => diagnostic2004(session, code),
}

if (settings.kind === 'scorm12') Object.assign(window, { API: api12 })
if (settings.kind === 'scorm2004') Object.assign(window, { API_1484_11: api2004 })

// Leaving without a goodbye: what was set is on its way, and the session stays open to be taken up again.
addEventListener('pagehide', () => {
  if (session.phase === 'running' && session.changed.length > 0) outbox.add(session.changed.splice(0), false)
  outbox.sendLast()
})
addEventListener('online', () => void outbox.send())
if (settings.unitKind === 'sco') {
  // The server hears once a minute that somebody is there.
  setInterval(() => {
    if (session.phase === 'running') {
      outbox.add(session.changed.splice(0), false)
      void outbox.send()
    }
  }, 60_000)
}
if (outbox.waiting() > 0) void outbox.send()
if (!looking) void sendForgotten(mailing)
lesson.addEventListener(settings.unitKind === 'video' ? 'loadeddata' : 'load', () => {
  if (status?.dataset.state === 'opening') status.textContent = looking ? '试看，不保存进度' : '课件已打开'
})
await sweepFor(settings.packageId)
lesson.src = settings.source
