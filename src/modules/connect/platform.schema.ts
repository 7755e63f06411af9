import { z } from 'zod'
import { idField, optional, textField } from '#modules/library/input.schema.ts'
import { addressField, linesField, namedFields, type RegistrationState } from './registration.schema.ts'

export const ProposePlatform = z.object({
  organisationId: idField('单位'),
  ...namedFields,
  issuer: textField('签发方', 500, 8),
  clientId: textField('客户端编号', 255),
  deploymentIds: linesField('部署编号', 20),
  authUrl: addressField('认证地址'),
  tokenUrl: addressField('令牌地址'),
  tokenAudience: optional(z.string().trim().max(500)),
  jwksUrl: addressField('公钥地址'),
})
export type ProposePlatform = z.output<typeof ProposePlatform>

export type Platform = {
  id: string
  organisationId: string
  organisation: string
  name: string
  purpose: string
  issuer: string
  clientId: string
  deploymentIds: string[]
  authUrl: string
  tokenUrl: string
  tokenAudience: string | null
  jwksUrl: string
  state: RegistrationState
  proposedBy: string
  proposedByName: string
  proposedAt: Date
  decidedByName: string | null
  decidedAt: Date | null
  decisionNote: string
}
