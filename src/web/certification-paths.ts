const part = encodeURIComponent

/** Addresses of assessment organisations, their batches and certificates. */
export const certificationPaths = {
  assessors: () => '/assessors',
  assessmentResults: (id: string) => `/assessors/results/${part(id)}`,
  assessmentObjection: (id: string, seq: number) => `/assessors/results/${part(id)}/objection/${seq}`,
  assessmentAnswer: () => '/assessors/answer',
  officeAssessmentObjections: () => '/office/assessors/objections',
  officeAssessmentObjection: (id: string) => `/office/assessors/objections/${part(id)}`,
  levelCertificate: (id: string) => `/level-certificates/${part(id)}`,

  assessmentBatches: (area: string) => `/${area}/assessment-batches`,
  assessmentBatch: (area: string, id: string) => `/${area}/assessment-batches/${part(id)}`,
  assessmentMarks: (area: string, id: string) => `/${area}/assessment-batches/${part(id)}/marks`,
  assessmentSheet: (area: string, id: string) => `/${area}/assessment-batches/${part(id)}/template.xlsx`,
  ownAssessor: (area: string) => `/${area}/assessor`,
  officeAssessors: () => '/office/assessors',
  officeAssessor: (id: string) => `/office/assessors/${part(id)}`,
} as const
