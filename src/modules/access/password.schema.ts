import { z } from 'zod'

/** Words that lists of leaked passwords begin with, and those that people of this office would think of. */
export const commonPasswords = new Set(
  `password passwd passw0rd p@ssword p@ssw0rd password123 qwerty qwertyuiop qwertyuiopas asdfghjkl asdfghjklzxc zxcvbnm
  1qaz2wsx 1qaz2wsx3edc qazwsx qazwsxedc qazwsxedcrfv 1q2w3e4r 1q2w3e4r5t 1q2w3e4r5t6y zaq12wsx abc123 abcd1234 a1b2c3d4
  iloveyou woaini woaini1314 woaini520 letmein welcome welcome1 admin administrator admin123 adminadmin root toor guest
  user test test123 testtest changeme changeit secret monkey dragon sunshine princess football baseball superman batman
  master shadow michael jordan trustno1 starwars whatever freedom hello helloworld ninja login passport computer internet
  china zhongguo guangzhou guangdong haizhu haizhuqu haizhuskills haizhutraining renshe rensheju haizhurenshe zhengfu
  peixun peixunyun skillscloud skills jineng jinengtisheng shebao caizheng huawei tencent wechat weixin alibaba alipay
  zhifubao taobao baidu qq5201314 5201314 1314520 woaizhongguo woaijia nihao nihaoma mima mima123 wodemima mimamima
  correcthorsebatterystaple tobeornottobe onceuponatime maytheforcebewithyou`
    .split(/\s+/)
    .filter(Boolean),
)

export const newPasswordField = z
  .string('请填写新密码')
  .min(12, '密码至少12位；几个不相关的词连起来既长又好记')
  .max(128, '密码不能超过128位')

export const ChangePassword = z
  .object({
    current: z.string('请填写当前密码').min(1, '请填写当前密码').max(128, '密码不能超过128位'),
    password: newPasswordField,
    again: z.string('请再填写一次新密码'),
  })
  .refine((value) => value.password === value.again, { path: ['again'], message: '两次填写的新密码不一样' })
