/** The two dialects that are spoken. A request's header says which. */
export type Version = '1.0.3' | '2.0.0'

export type Json = { [key: string]: unknown }
export type Agent = {
  objectType?: 'Agent' | 'Group'
  name?: string
  mbox?: string
  mbox_sha1sum?: string
  openid?: string
  account?: { homePage: string; name: string }
  member?: Agent[]
}
export type LanguageMap = Record<string, string>
export type Definition = Json & { name?: LanguageMap; description?: LanguageMap }
export type Activity = { objectType?: 'Activity'; id: string; definition?: Definition }
export type StatementRef = { objectType: 'StatementRef'; id: string }
export type ContextActivities = Partial<Record<'parent' | 'grouping' | 'category' | 'other', Activity[]>>
export type Context = {
  registration?: string
  instructor?: Agent
  team?: Agent
  contextActivities?: ContextActivities
  contextAgents?: { objectType: 'contextAgent'; agent: Agent; relevantTypes?: string[] }[]
  contextGroups?: { objectType: 'contextGroup'; group: Agent; relevantTypes?: string[] }[]
  revision?: string
  platform?: string
  language?: string
  statement?: StatementRef
  extensions?: Json
}
export type Attachment = {
  usageType: string
  display: LanguageMap
  description?: LanguageMap
  contentType: string
  length: number
  sha2: string
  fileUrl?: string
}
export type SubStatement = Omit<Statement, 'id' | 'stored' | 'authority' | 'version' | 'object'> & {
  objectType: 'SubStatement'
  object: Exclude<StatementObject, SubStatement>
}
export type StatementObject = Activity | (Agent & { objectType: 'Agent' | 'Group' }) | StatementRef | SubStatement
export type Statement = {
  id?: string
  actor: Agent
  verb: { id: string; display?: LanguageMap }
  object: StatementObject
  result?: Json & { duration?: string }
  context?: Context
  timestamp?: string
  stored?: string
  authority?: Agent
  version?: string
  attachments?: Attachment[]
}

export const voided = 'http://adlnet.gov/expapi/verbs/voided'
export const signatureUsage = 'http://adlnet.gov/expapi/attachments/signature'

/** As many statements as one request may bring; the order of a request's statements is a number below 4096. */
export const mostStatements = 4000
/** As many statements as one page of an answer holds. */
export const mostPerPage = 500

/** What is wrong with a statement or a parameter, and where: `object.definition.type`. */
export class Wrong extends Error {
  readonly path: string
  constructor(path: string, message: string) {
    super(path ? `${path}: ${message}` : message)
    this.path = path
  }
}
export function wrong(path: string, message: string): never {
  throw new Wrong(path, message)
}
