/** One thing wrong with a package, or worth knowing: where, by which rule, and what to do. */
export type Fault = {
  /** Path in the package; empty for the archive itself. */
  file: string
  line: number | null
  /** Stable code; its words are in `ruleNames`. */
  rule: string
  message: string
  remedy: string
  /** An error keeps the package out; a warning is told and lets it in. */
  weight: 'error' | 'warning'
}

/** What the directory of an archive says of one entry, names as the bytes they are. */
export type RawEntry = {
  name: Uint8Array
  /** General purpose bit 11: the name is UTF-8. */
  utf8: boolean
  size: number
  packed: number
  encrypted: boolean
  /** Compression method: 0 stored, 8 deflated. */
  method: number
  /** Unix mode of the file, 0 when it was not made on Unix. */
  mode: number
}

/** Limits of a package; sizes in bytes, `ratio` is unpacked to packed. Set by `PACKAGE_MAX_…` of the installation. */
export type PackageLimits = { totalBytes: number; entryBytes: number; entries: number; ratio: number }

export const ruleNames: Record<string, string> = {
  'not-zip': '不是压缩包',
  damaged: '压缩包损坏',
  encrypted: '压缩包加密',
  method: '压缩方法',
  'too-many': '文件数上限',
  'too-large': '大小上限',
  bomb: '压缩比上限',
  nested: '包中有包',
  traversal: '路径越界',
  absolute: '绝对路径',
  drive: '盘符路径',
  link: '链接文件',
  reserved: '保留文件名',
  duplicate: '文件重名',
  'name-encoding': '文件名编码',
  'active-type': '可执行文件',
  left: '不导入的文件',
  xml: 'XML 格式',
  manifest: '清单',
  'missing-file': '缺少文件',
  picture: '图片',
  reference: '引用',
  sequencing: '排序规则',
  unsupported: '不支持的内容',
  question: '试题',
  outside: '外部地址',
  empty: '没有内容',
}
