/** A file of a form as commands take it; nothing chosen is nothing. */
export async function uploadOf(form: FormData, name: string): Promise<{ name: string; bytes: Uint8Array } | undefined> {
  const file = form.get(name)
  if (!(file instanceof File) || file.size === 0) return undefined
  return { name: file.name, bytes: new Uint8Array(await file.arrayBuffer()) }
}
