import { z } from 'zod'
import type { ReasonText } from '#modules/people/identity.schema.ts'

export const RequestCode = z.object({
  phone: z.string('请填写手机号').trim().min(1, '请填写手机号').max(40, '手机号太长'),
})

export const PhoneSignIn = RequestCode.extend({
  code: z
    .string('请填写短信验证码')
    .trim()
    .regex(/^\d{6}$/, '验证码是6位数字'),
})

export const PasswordSignIn = z.object({
  username: z.string('请填写登录名').trim().toLowerCase().min(1, '请填写登录名').max(60, '登录名太长'),
  password: z.string('请填写密码').min(1, '请填写密码').max(128, '密码不能超过128位'),
})

export const SecondFactor = z.object({
  code: z
    .string('请填写动态口令')
    .trim()
    .regex(/^(\d{6}|[A-Za-z0-9]{5}-?[A-Za-z0-9]{5})$/, '动态口令是6位数字；备用码是10位字母和数字'),
})

export const methods = {
  'phone-code': '短信验证码',
  password: '登录名和密码',
  'second-factor': '动态口令',
  'backup-code': '备用码',
  'unified-identity': '统一身份认证',
} as const
export type Method = keyof typeof methods

type Facts = Record<string, string | number | boolean | null>

/** Why a sign-in did not work. None of them tells whether an account exists. */
export const reasonText: Record<string, (facts: Facts) => ReasonText> = {
  'code-wrong': (f) => ({ message: '验证码不对', remedy: `请核对短信后重新输入，还可以试${f.left}次。` }),
  'code-expired': () => ({ message: '验证码已失效', remedy: '验证码5分钟内有效且只能用一次，请重新获取。' }),
  'code-spent': () => ({ message: '验证码输错次数过多，已作废', remedy: '请重新获取验证码。' }),
  'password-wrong': (f) => ({
    message: '登录名或密码不对',
    remedy:
      Number(f.left) > 0
        ? `请核对后重试；再错${f.left}次，该登录名将暂停登录15分钟。`
        : '该登录名将暂停登录15分钟；忘记密码请联系本单位管理员或安全管理员重置。',
  }),
  'factor-wrong': () => ({ message: '动态口令不对', remedy: '请输入验证器应用当前显示的6位数字；手机时间须准确。' }),
  'factor-used': () => ({ message: '这个动态口令刚刚用过', remedy: '请等验证器应用显示下一个数字后再输入。' }),
  'factor-expired': () => ({ message: '登录已超时', remedy: '请重新输入登录名和密码。' }),
  'factor-locked': () => ({ message: '动态口令输错次数过多', remedy: '该账号暂停验证15分钟，请稍后再试。' }),
  'account-disabled': () => ({ message: '账号已停用', remedy: '请联系本单位管理员或安全管理员。' }),
  'password-common': () => ({ message: '密码太常见，容易被猜到', remedy: '请用几个不相关的词组成的长密码。' }),
  'password-same': () => ({ message: '新密码与旧密码相同', remedy: '请换一个没有用过的密码。' }),
  'password-has-name': () => ({ message: '密码中含有登录名', remedy: '请不要把登录名放进密码。' }),
  'password-old-wrong': () => ({ message: '当前密码不对', remedy: '请重新输入现在使用的密码。' }),
  'identity-name-differs': () => ({
    message: '该证件已登记，但姓名与登记的不一致',
    remedy: '请核对姓名；已更名的，请持更名证明到街道或区受理窗口办理。',
  }),
  'identity-phone-differs': () => ({
    message: '该证件登记的手机号不是现在登录的手机号',
    remedy: '请用登记的手机号登录，或用统一身份认证登录；换号的请到受理窗口更正手机号。',
  }),
  'identity-taken': () => ({
    message: '该证件已绑定另一个账号',
    remedy: '请用原账号登录，或用统一身份认证登录；不是本人绑定的，请到受理窗口申报。',
  }),
  'identity-bound': () => ({ message: '账号已完成实名', remedy: '一个账号只对应一个人，不能换绑。' }),
  'phone-in-use': () => ({
    message: '该手机号已绑定另一个账号',
    remedy: '请先在原账号更换手机号，或到受理窗口办理。',
  }),
  'unified-incomplete': () => ({
    message: '统一身份认证没有给出可用的姓名和证件号码',
    remedy: '请先在统一身份认证平台完成实名；也可改用短信验证码登录。',
  }),
  'unified-failed': () => ({ message: '统一身份认证没有完成', remedy: '请重试；仍不成功可改用短信验证码登录。' }),
}
