import { activityTypes, profileAddress, type VerbName, verbs } from './profile.rules.ts'
import { type Statement, voided } from './statement.schema.ts'

/** Something that happened to somebody in a class, without anything that says who. */
export type Happening = {
  kind: 'enrolment' | 'hours' | 'hours-taken-back' | 'result' | 'certificate'
  /** Of the platform's own record; with the kind it makes the statement's id. */
  recordId: string
  /** The account name that stands for the person. */
  person: string
  at: Date
  classId: string
  classTitle: string
  sessionId?: string | null
  sessionTitle?: string | null
  minutes?: number | null
  passed?: boolean | null
  /** For hours taken back: the entry that they undo. */
  undoes?: string | null
}

const classActivity = (home: string, { classId, classTitle }: Happening) => ({
  objectType: 'Activity' as const,
  id: `${home}/classes/${classId}`,
  definition: { type: activityTypes.class, name: { 'zh-CN': classTitle } },
})

/**
 * The statement of a happening. Persons are an account of this installation and nothing else: no name, phone or document.
 * `idOf` makes the same id from the same record, so that a statement is stored once however often it is told.
 * @clause HZ4-M13
 */
export function statementOf(home: string, one: Happening, idOf: (record: string) => string): Statement {
  const id = idOf(`${one.kind} ${one.recordId}`)
  const actor = { objectType: 'Agent' as const, account: { homePage: home, name: one.person } }
  const timestamp = one.at.toISOString()
  const category = [{ objectType: 'Activity' as const, id: profileAddress(home) }]
  const verb = (name: VerbName) => ({ id: verbs[name].id, display: { ...verbs[name].words } })
  const course = classActivity(home, one)
  const within = { contextActivities: { category, parent: [course] } }
  switch (one.kind) {
    case 'enrolment':
      return {
        id,
        actor,
        verb: verb('registered'),
        object: course,
        timestamp,
        context: { contextActivities: { category } },
      }
    case 'hours':
      return {
        ...{ id, actor, verb: verb('attended'), timestamp, context: within },
        object: one.sessionId
          ? {
              objectType: 'Activity',
              id: `${home}/sessions/${one.sessionId}`,
              definition: { type: activityTypes.session, name: { 'zh-CN': one.sessionTitle || '课次' } },
            }
          : course,
        result: { duration: `PT${one.minutes ?? 0}M` },
      }
    case 'hours-taken-back':
      return {
        ...{ id, timestamp },
        actor: { objectType: 'Agent', account: { homePage: home, name: 'platform' } },
        verb: { id: voided, display: { en: 'voided' } },
        object: { objectType: 'StatementRef', id: idOf(`hours ${one.undoes}`) },
      }
    case 'result':
      return {
        ...{ id, actor, verb: verb(one.passed ? 'passed' : 'failed'), timestamp, context: within },
        object: {
          objectType: 'Activity',
          id: `${home}/classes/${one.classId}/assessment`,
          definition: { type: activityTypes.assessment, name: { 'zh-CN': `${one.classTitle} 结业考核` } },
        },
        result: { success: one.passed === true, completion: true },
      }
    case 'certificate':
      return {
        id,
        actor,
        verb: verb('certified'),
        object: course,
        timestamp,
        context: { contextActivities: { category } },
      }
  }
}
