import type { ReasonTexts } from '#modules/library/input.schema.ts'

/** Why something was refused, in words that whoever meets it can act on. */
export const connectReasons: ReasonTexts = {
  'connect-address': (f) => ({
    message: `${f.field}不能用：${f.address}`,
    remedy: '请填写以 https:// 开头、用域名书写的地址，不带用户名、密码和 # 后的部分。',
  }),
  'connect-keys': () => ({
    message: '公钥不对',
    remedy: '请粘贴对方提供的 JWKS（JSON），只含公钥；含有私钥或共享密钥的不能用。',
  }),
  'connect-custom': () => ({
    message: '自定义参数写得不对',
    remedy: '每行一个，写成 名称=值；名称用小写字母、数字和下划线，不能重复。',
  }),
  'connect-many': (f) => ({ message: `一个单位最多登记 ${f.most} 个`, remedy: '请先停用不再使用的。' }),
  'connect-registered': () => ({
    message: '这个平台已经登记过',
    remedy: '同一签发方和客户端编号只能登记一次；要更改，请先停用原来的。',
  }),
  'same-person': () => ({ message: '登记人不能批准自己的登记', remedy: '请换另一位安全管理员处理。' }),
  'wrong-state': () => ({ message: '这项登记已经处理过了', remedy: '请刷新页面看最新结果。' }),
  'tool-not-open': () => ({
    message: '这个外部工具现在不能打开',
    remedy: '它已被停用或还没有批准。请联系开课单位，或先学其他内容。',
  }),
  'tool-no-picking': () => ({ message: '这个工具不支持从里面选内容', remedy: '请直接填写内容地址。' }),
  'link-not-yours': () => ({ message: '这个外部内容不属于本课程', remedy: '请从本课程的“添加外部工具”重新添加。' }),
  'picked-added': () => ({ message: '这次选的内容已经加入课程', remedy: '要再加，请重新到工具里选。' }),
  'picked-none': () => ({ message: '没有选中任何内容', remedy: '请勾选要加入的内容，或返回工具重新选。' }),
  'launch-over': () => ({ message: '这次打开已经用过或过期', remedy: '请回到课程页面重新打开。' }),
  'arrival-over': () => ({
    message: '这次进入已经用过或过期',
    remedy: '请回到贵校的学习平台，重新点开课程。',
  }),
  'arrival-other-browser': () => ({
    message: '这次进入不是从这个浏览器开始的',
    remedy: '请在同一个浏览器里，从贵校的学习平台重新点开课程。如果浏览器禁用了 Cookie，请先允许本平台使用。',
  }),
  'link-taken': () => ({
    message: '您在本平台已经与贵校平台上的另一个账号关联',
    remedy: '请用原来的账号从贵校平台进入，或在“账号与安全”解除原来的关联。',
  }),
  'link-other-person': () => ({
    message: '贵校平台的这个账号已与本平台的另一个人关联',
    remedy: '请退出后用关联的账号登录；不是本人的，请联系贵校平台管理员。',
  }),
  'link-official': () => ({ message: '工作人员账号不能与外部平台关联', remedy: '请用个人手机号登录后再关联。' }),
  'course-not-given': () => ({
    message: '贵校平台没有说明要打开哪门课程',
    remedy: '请老师在贵校平台里用“选择内容”重新添加课程链接。',
  }),
  'key-none': () => ({ message: '平台还没有签名密钥', remedy: '后台任务启动后会自动生成，请稍后再试。' }),
  'invitation-over': () => ({ message: '登记邀请已经用过或过期', remedy: '请在“外部平台”页面重新生成邀请地址。' }),
}
