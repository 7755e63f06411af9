import type { Fault, PackageLimits, RawEntry } from './archive.schema.ts'

export type Listed = { path: string; size: number; index: number }

const utf8 = new TextDecoder('utf-8', { fatal: true })
const gb18030 = new TextDecoder('gb18030', { fatal: true })

/**
 * A name in the encoding it was written in. Archives made on Chinese Windows do not say which: strict UTF-8 first, because
 * GB18030 text is almost never valid UTF-8, then GB18030. None when it is neither.
 */
export function nameOf(bytes: Uint8Array, saysUtf8: boolean): string | undefined {
  for (const decoder of saysUtf8 ? [utf8] : [utf8, gb18030]) {
    try {
      return decoder.decode(bytes)
    } catch {
      // the next encoding may read it
    }
  }
  return undefined
}

const archives = /\.(zip|7z|rar|tar|gz|tgz|bz2|xz|cab|iso)$/i
/** What runs outside a browser, or asks a server to run it: a lesson has no use for it. */
const active =
  /\.(exe|dll|msi|com|bat|cmd|scr|ps1|vbs|vbe|wsf|hta|lnk|reg|jar|apk|app|dmg|pkg|sh|bash|php\d?|phtml|jspx?|aspx?|cgi|py|rb|pl|so|dylib)$/i
const leftOut = /(^|\/)(__MACOSX\/|\.DS_Store$|Thumbs\.db$|desktop\.ini$|\.git\/|\.svn\/)/i
const reserved = /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const forbiddenCharacters = /[\u0000-\u001f\u007f<>:"|?*]/

const fault = (rule: string, file: string, message: string, remedy: string): Fault => ({
  file,
  line: null,
  rule,
  message,
  remedy,
  weight: 'error',
})

/**
 * Judges the directory of an archive before anything is unpacked. The list holds what may be unpacked; with an error
 * among the faults nothing should be.
 * @clause HZ4-M13
 */
export function judgeDirectory(
  entries: readonly RawEntry[],
  limits: PackageLimits,
): { listed: Listed[]; faults: Fault[] } {
  const faults: Fault[] = []
  const listed: Listed[] = []
  const seen = new Map<string, string>()
  if (entries.length > limits.entries) {
    faults.push(
      fault(
        'too-many',
        '',
        `压缩包里有 ${entries.length} 个文件，上限 ${limits.entries} 个`,
        '请删去用不到的文件后重新打包。',
      ),
    )
    return { listed, faults }
  }
  let total = 0
  for (const [index, entry] of entries.entries()) {
    const path = nameOf(entry.name, entry.utf8)?.replaceAll('\\', '/').normalize('NFC')
    if (path === undefined) {
      faults.push(
        fault(
          'name-encoding',
          `第 ${index + 1} 个文件`,
          '文件名既不是 UTF-8，也不是 GBK（GB18030）',
          '请用英文或中文重命名后重新打包。',
        ),
      )
      continue
    }
    if (path.endsWith('/') && entry.size === 0) continue
    if (leftOut.test(path)) {
      const note = fault('left', path, '系统附带的文件，不导入', '不用处理。')
      faults.push({ ...note, weight: 'warning' })
      continue
    }
    const wrong = wrongName(path) ?? wrongEntry(path, entry, limits) ?? twice(seen, path)
    if (wrong) faults.push(wrong)
    total += entry.size
    listed.push({ path, size: entry.size, index })
  }
  if (total > limits.totalBytes) {
    const mib = (bytes: number) => Math.ceil(bytes / 1024 ** 2)
    const message = `解开后共 ${mib(total)} MB，上限 ${mib(limits.totalBytes)} MB`
    faults.push(fault('too-large', '', message, '请压缩视频，或把课程分成几个包。'))
  }
  if (listed.length === 0 && !faults.some((f) => f.weight === 'error')) {
    faults.push(fault('empty', '', '压缩包里没有文件', '请重新打包后再上传。'))
  }
  return { listed, faults }
}

function wrongName(path: string): Fault | undefined {
  const rename = '请改名后重新打包。'
  if (/^[a-z]:/i.test(path)) return fault('drive', path, '路径带有盘符', '打包时请用相对路径。')
  if (path.startsWith('/')) return fault('absolute', path, '路径是绝对路径', '打包时请用相对路径。')
  const parts = path.split('/')
  if (parts.includes('..') || parts.includes('.')) {
    return fault('traversal', path, '路径含有“..”或“.”，会写到包外', '这不是正常打包的结果，请核对来源后重新打包。')
  }
  if (parts.includes('')) return fault('traversal', path, '路径里有空的一段', rename)
  const bad = parts.find((part) => reserved.test(part) || forbiddenCharacters.test(part) || /[. ]$/.test(part))
  if (bad !== undefined) return fault('reserved', path, `“${bad}”是系统保留名，或含有不能用的字符`, rename)
  return path.length > 400
    ? fault('reserved', path.slice(0, 80), '路径超过 400 个字符', '请缩短文件夹和文件的名字。')
    : undefined
}

function wrongEntry(path: string, entry: RawEntry, limits: PackageLimits): Fault | undefined {
  if ((entry.mode & 0o170000) === 0o120000)
    return fault('link', path, '这是一个链接，不是文件', '请放入文件本身后重新打包。')
  if (entry.encrypted) return fault('encrypted', path, '文件加了密', '请去掉压缩密码后重新打包。')
  if (![0, 8].includes(entry.method)) {
    return fault(
      'method',
      path,
      `用了压缩方法 ${entry.method}，只认“存储”和“Deflate”`,
      '请用系统自带的 ZIP 压缩重新打包。',
    )
  }
  if (entry.size > limits.entryBytes) {
    return fault(
      'too-large',
      path,
      `文件有 ${Math.ceil(entry.size / 1024 ** 2)} MB，超过单个文件上限`,
      '请压缩视频，或拆成几个文件。',
    )
  }
  // Small files may shrink a lot by honest means; a bomb is large.
  if (entry.size > 1024 ** 2 && entry.size > entry.packed * limits.ratio) {
    return fault(
      'bomb',
      path,
      `压缩比超过 ${limits.ratio} 倍，像是压缩炸弹`,
      '请核对来源；确是课件的，请用“存储”方式打包这个文件。',
    )
  }
  if (archives.test(path)) return fault('nested', path, '压缩包里还有压缩包', '请把里面的文件解开放入，再重新打包。')
  if (active.test(path))
    return fault('active-type', path, '可执行文件或服务器脚本，课件用不到', '请从包里删去这个文件。')
  return undefined
}

function twice(seen: Map<string, string>, path: string): Fault | undefined {
  const key = path.toLowerCase()
  const before = seen.get(key)
  seen.set(key, path)
  return before === undefined
    ? undefined
    : fault('duplicate', path, `与“${before}”重名（不分大小写）`, '请改名，并改清单和网页里的引用。')
}

export const refuses = (faults: readonly Fault[]): boolean => faults.some(({ weight }) => weight === 'error')
