/** What each template of `typst/` is given. All text is shown as it is; empty text means the element is left out. */
export type Templates = {
  /** `signedQr`: an SVG picture for a page of its own behind the only certificate. */
  certificate: Dated & { title: string; author: string; certificates: CertificateSheet[]; signedQr: string }
  'level-certificate': Dated & LevelSheet
  letter: Dated & Letter
  record: Dated & RecordSheet
}

/** The day of the document, `YYYY-MM-DD`, kept in the file's own data. */
type Dated = { on: string }

export type CertificateSheet = {
  number: string
  holder: string
  documentKind: string
  document: string
  from: string
  to: string
  programme: string
  course: string
  plannedHours: number
  hours: number
  occupation: string
  level: string
  assessedOn: string
  score: string
  classNumber: string
  basis: string
  /** An SVG picture. */
  qr: string
  verifyUrl: string
  verifyAt: string
  code: string
  digest: string
  issuer: string
  issuerCode: string
  seal: string
  issuedOn: string
  /** Printed across the page when the certificate no longer stands. */
  revoked: string
  /** `missingNote` of the holder's name. */
  rare: string
}

/** 职业技能等级证书: `qr` is an SVG picture; `revoked` is printed across the page. */
export type LevelSheet = {
  title: string
  author: string
  number: string
  fields: [label: string, value: string][]
  qr: string
  verifyUrl: string
  verifyAt: string
  code: string
  digest: string
  issuer: string
  issuerCode: string
  issuedOn: string
  revoked: string
  rare: string
}

/** An official letter in the layout of GB/T 9704. */
export type Letter = {
  /** 发文机关标志, red, above the red line; empty for a plain letter. */
  mark: string
  /** 发文字号 as made by `docNo`. */
  docNo: string
  title: string
  /** 主送机关, without the colon. */
  to: string
  blocks: LetterBlock[]
  attachments: string[]
  /** 署名. */
  signature: string
  /** 成文日期 in Arabic digits: `2021年9月15日`. */
  date: string
  /** 附注, without the brackets. */
  note: string
  /** 抄送机关. */
  cc: string
  /** 印发日期. */
  printed: string
}

export type LetterBlock =
  | { kind: 'p'; text: string }
  /** 一、 and （一） headings. */
  | { kind: 'h1' | 'h2'; text: string }
  | ({ kind: 'table' } & Table)

/** `widths` are shares of the line. */
export type Table = { head: string[]; widths: number[]; align: ('left' | 'right')[]; rows: string[][] }

export type RecordSheet = {
  title: string
  author: string
  facts: [label: string, value: string][]
  sections: { title: string; note: string; table: Table & { empty: string } }[]
  foot: string
  rare: string
}

/** 发文字号: office code, year in hexagonal brackets, number without leading zeros — `海人社函〔2021〕12号`. */
export const docNo = (office: string, year: number, number: number) => `${office}〔${year}〕${number}号`
