/** Who may import whom. The whole architecture on one page; `boundaries.test.ts` holds the code to it. */

/** Folders, outermost first: a file imports from its own row or the rows below, never upward. */
export const folders = [
  ['web', 'api', 'worker.ts', 'server.ts', 'demo'],
  ['modules'],
  ['platform'],
  ['db'],
  ['policy'],
  ['shared'],
]

/** The doors never import each other. */
export const apart = ['web', 'api', 'worker.ts']

/** Between modules only these edges exist. Absent means forbidden; the graph must stay free of cycles. */
export const modules: Record<string, string[]> = {
  people: [],
  occupations: [],
  access: ['people'],
  training: ['people', 'occupations'],
  assessment: ['people', 'occupations', 'training', 'learning'], // what was learnt online is in the ledger before it decides
  subsidy: ['people', 'training', 'assessment'],
  publicity: ['people', 'subsidy'],
  settings: [],
  feedback: [],
  library: ['people', 'occupations'],
  learning: ['people', 'training', 'library'],
  credentials: ['people', 'training', 'assessment'],
  competition: ['people', 'training', 'publicity'], // reads the pool of experts and exams by statement
  recognition: ['people', 'training', 'publicity', 'competition'], // what a nominee has won is evidence
  certification: ['people', 'occupations', 'training', 'assessment'], // levels assessed by filed organisations; a class's marks are taken over
  exchange: ['people', 'training'], // what mentors and centres offer and firms book; titles are read by statement
  standards: ['people', 'occupations', 'training'], // skill standards, from the proposal to the published text
  reports: ['*'], // reads everything; nothing reads it
  packages: ['people', 'library', 'learning', 'records'], // records what packages report; whether it counts is for learning to say
  records: ['people'], // statements about what happened elsewhere; reads training and assessment by statement
  connect: ['people', 'library', 'learning'], // what other platforms open here and we open there
  audit: ['people'], // pages over the trail that platform/command.ts writes
}

/** What a file of each role may import from its own or another module. */
export const roles: Record<string, string[]> = {
  schema: ['schema'],
  rules: ['schema', 'rules'],
  queries: ['schema', 'rules', 'queries'],
  commands: ['schema', 'rules', 'queries', 'commands'],
  jobs: ['schema', 'rules', 'queries', 'commands'],
}

/** Roles that run in the browser too: no database, no clock, no platform but its errors. */
export const pure = ['schema', 'rules']

/** Which Postgres schema a module writes; any other is read-only to it. */
export const owns: Record<string, string> = {
  people: 'people',
  occupations: 'occupations',
  access: 'auth',
  training: 'training',
  assessment: 'assessment',
  subsidy: 'subsidy',
  publicity: 'publicity',
  settings: 'platform',
  feedback: 'feedback',
  library: 'library',
  learning: 'learning',
  credentials: 'credentials',
  competition: 'competition',
  recognition: 'recognition',
  certification: 'certification',
  exchange: 'exchange',
  standards: 'standards',
  reports: 'reports',
  packages: 'packages',
  records: 'records',
  connect: 'connect',
  audit: 'audit',
}
