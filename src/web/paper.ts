/** A file to keep, under its Chinese name. */
export function paperAnswer(
  { name, bytes }: { name: string; bytes: Uint8Array<ArrayBuffer> },
  mediaType = 'application/pdf',
): Response {
  return new Response(bytes, {
    headers: {
      'content-type': mediaType,
      'content-disposition': `attachment; filename*=UTF-8''${encodeURIComponent(name)}`,
      'cache-control': 'private, no-store',
    },
  })
}

export const spreadsheet = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'
