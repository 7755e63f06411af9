import { askTopic, book } from '#modules/exchange/booking.commands.ts'
import { confirmGiven, saySlot } from '#modules/exchange/given.commands.ts'
import { offerSlot } from '#modules/exchange/offer.commands.ts'
import { saveApplication, startOwnApplication, submitApplication } from '#modules/recognition/application.commands.ts'
import { designate } from '#modules/recognition/designation.commands.ts'
import { addMaterial } from '#modules/recognition/material.commands.ts'
import { closePublication, publicise } from '#modules/recognition/publication.commands.ts'
import { shortlist } from '#modules/recognition/visit.commands.ts'
import { call, examine, paper } from './story-titles.ts'
import { at, type Story } from './world.ts'

/** A mentor is appointed in spring, gives an hour and a half in summer, and offers again; one firm still looks for a topic. */
export const sharingStory: Story = async function* (w) {
  yield at('2021-04-06', '09:00')
  const callId = await call(w, 'industry-mentor', '关于选聘首批海珠产业导师的通知（演示）', '2021-04-06', '2021-04-30')
  yield at('2021-04-12', '20:00')
  const ctx = w.as('方讲师')
  const { applicationId } = await startOwnApplication(ctx, { callId, path: 'standard' })
  const { version } = await saveApplication(ctx, {
    ...{ applicationId, version: 1 },
    f: {
      ...{ employer: '海珠布匹云电子商务有限公司（演示）', industry: '电子商务', post: '电子商务师高级技师' },
      topics: [{ topic: '网店运营和直播选品', form: 'both' }],
      ...{ hours: '4', alliance: 'no', resume: '长期从事店铺运营（演示）。' },
    },
  })
  await addMaterial(ctx, { applicationId, kind: 'proof', file: paper() })
  await submitApplication(ctx, { applicationId, version, consent: 'yes' })
  yield at('2021-05-06', '10:00')
  await examine(w, '李受理', applicationId)
  await shortlist(w.as('李受理'), { callId, applicationIds: [applicationId] })
  yield at('2021-05-07', '09:00')
  const list = await publicise(w.as('何公示'), { callId, title: '首批海珠产业导师拟聘任人选公示（演示）' })
  yield at('2021-05-18', '00:20')
  await closePublication(w.asSystem('recognition.daily'), { publicationId: list.publicationId })
  yield at('2021-05-19', '10:00')
  await designate(w.as('林局长'), { applicationId, docNo: '' })
  yield at('2021-06-01', '20:00')
  const slot = {
    ...{
      industry: '电子商务',
      subject: '网店运营和直播选品',
      summary: '选品、定价、直播脚本（演示）',
      subdistrict: '440105012',
    },
    ...{ from: '14:00', to: '15:30', capacity: '20', free: 'yes', mode: 'onsite', place: '瑞康路示例9号培训室' },
  }
  const { offerId } = await offerSlot(w.as('方讲师'), { ...slot, on: '2021-06-18' })
  yield at('2021-06-03', '10:00')
  const organisationId = w.organisations.get('restaurant')
  const { wishId } = await askTopic(w.as('姚培训'), {
    ...{ organisationId, industry: '电子商务', subject: '直播选品', detail: '想做门店直播（演示）', subdistrict: '' },
    ...{ from: '2021-06-10', to: '2021-07-10', persons: '6' },
  })
  const { bookingId } = await book(w.as('姚培训'), { organisationId, offerId, wishId, seats: '6' })
  yield at('2021-06-18', '16:30')
  const said = { minutes: '90', persons: '6', words: '', free: 'yes' }
  await saySlot(w.as('方讲师'), { offerId, ...said })
  yield at('2021-06-19', '10:00')
  await confirmGiven(w.as('姚培训'), { bookingId, ...said, rating: '5' })
  yield at('2021-09-10', '20:00')
  await offerSlot(w.as('方讲师'), { ...slot, on: '2021-10-20', subject: '直播脚本和客服话术' })
  yield at('2021-09-13', '09:30')
  await askTopic(w.as('孔培训'), {
    ...{
      organisationId: w.organisations.get('ai'),
      industry: '人工智能',
      subject: '机器视觉质检',
      detail: '',
      subdistrict: '440105015',
    },
    ...{ from: '2021-10-01', to: '2021-11-30', persons: '8' },
  })
}
