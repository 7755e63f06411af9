import { statusDays, type Verdict } from '#modules/credentials/verify.rules.ts'
import { paths } from '../paths.ts'
import { instantText } from '../ui/format.ts'
import { Notice } from '../ui/notice.tsx'
import { SummaryList } from '../ui/summary-list.tsx'
import type { Tone } from '../ui/tone.ts'

const words: Record<Verdict['outcome'], { tone: Tone; title: string; text: string }> = {
  valid: { tone: 'good', title: '证书有效', text: '签名完好，内容没有改动，也没有撤销。' },
  revoked: { tone: 'bad', title: '证书已撤销', text: '签名是真的，但签发后已被撤销，请勿采信。' },
  stale: {
    tone: 'warn',
    title: `签名完好，但撤销名单已超过 ${statusDays} 天`,
    text: '内容没有改动；名单之后有没有撤销不知道。请联网更新离线资料后再查。',
  },
  'no-status': {
    tone: 'warn',
    title: '签名完好，但查不到有没有撤销',
    text: '离线资料里没有它的撤销名单。请联网更新后再查。',
  },
  expired: { tone: 'warn', title: '已过有效期', text: '签名完好，但有效期已经过了。' },
  'not-yet': { tone: 'warn', title: '还没有生效', text: '签名完好，但生效时间还没有到。' },
  'unknown-issuer': {
    tone: 'warn',
    title: '不是本平台签发的',
    text: '这里只能查验本平台签发的证书。怀疑是假证的，请举报。',
  },
  'unknown-key': {
    tone: 'warn',
    title: '签名用的密钥不在有效之列',
    text: '可能平台新换了密钥，请联网更新后再查；更新后仍是这样的，密钥已经作废，请持证人重新下载。',
  },
  altered: {
    tone: 'bad',
    title: '内容被改动过，请勿采信',
    text: '数字签名对不上。也可能是没有复制完整，请重新扫码或粘贴一次。',
  },
  unreadable: { tone: 'warn', title: '读不出证书', text: '请扫“数字签名页”上的二维码，或者上传、粘贴完整的数字证书。' },
  unsupported: { tone: 'warn', title: '这个浏览器不能核对数字签名', text: '请换新一些的浏览器，或者联网查验。' },
  online: {
    tone: 'info',
    title: '这是证书第一页的二维码',
    text: '它只有查验码，要联网才能查。不联网请扫“数字签名页”上的二维码。',
  },
}

/** The answer in plain words, with the facts that the signature covers. */
export function VerdictView({ verdict }: { verdict: Verdict }) {
  const { tone, title, text } = words[verdict.outcome]
  return (
    <div className="stack">
      <Notice tone={tone} title={title} live>
        <p>{text}</p>
        {'statusAt' in verdict && <p>撤销名单截至 {instantText(new Date(verdict.statusAt))}。</p>}
        {verdict.outcome === 'unknown-issuer' && <p className="wrap-any">签发者：{verdict.issuer || '没有写明'}</p>}
        {(verdict.outcome === 'unsupported' || verdict.outcome === 'online') && (
          <p>
            <a href={paths.verifyCertificate(verdict.outcome === 'online' ? verdict.code : undefined)}>联网查验</a>
          </p>
        )}
      </Notice>
      {'shown' in verdict && verdict.shown.length > 0 && (
        <SummaryList rows={verdict.shown.map(({ label, value }) => ({ label, value }))} />
      )}
    </div>
  )
}
