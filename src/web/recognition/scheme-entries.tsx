import type { ReactNode } from 'react'
import { paths } from '../paths.ts'
import { Button, LinkButton } from '../ui/button.tsx'
import { DataTable } from '../ui/data-table.tsx'
import { EmptyState } from '../ui/empty-state.tsx'
import { type Failed, Form } from '../ui/form.tsx'

type Props = {
  data: { code: string; id: string; of: number | null; label: string; entries: readonly string[] }
  failed: Failed | undefined
  /** By which text the page was made. */
  hidden: ReactNode
  list: string
}

/** The entries of a part in their order, each with its form, its way up or down, and one more. */
export function EntryList({ data: { code, id, of, label, entries }, failed, hidden }: Props) {
  const at = (place: Record<string, string | number>) =>
    paths.titleSchemePart(code, id, { of: of ?? undefined, ...place })
  return (
    <>
      <Form failed={failed}>
        {hidden}
        <DataTable
          caption={label}
          captionNote={`${entries.length} 项`}
          rows={entries.map((name, nth) => ({ name, nth }))}
          rowKey={(row) => String(row.nth)}
          columns={[
            { key: 'name', header: '名称', cell: (row) => <a href={at({ at: row.nth })}>{row.name}</a> },
            { key: 'nth', header: '次序', keep: true, cell: (row) => `第 ${row.nth + 1} 项` },
            {
              key: 'move',
              header: '调整次序',
              keep: true,
              cell: (row) => (
                <span className="flex flex-wrap gap-2">
                  {row.nth > 0 && (
                    <Button kind="quiet" name="intent" value={`up:${row.nth}`}>
                      上移<span className="sr-only">“{row.name}”</span>
                    </Button>
                  )}
                  {row.nth < entries.length - 1 && (
                    <Button kind="quiet" name="intent" value={`down:${row.nth}`}>
                      下移<span className="sr-only">“{row.name}”</span>
                    </Button>
                  )}
                </span>
              ),
            },
          ]}
          empty={<EmptyState title={`没有${label}`}>需要时点下面的“增加”。</EmptyState>}
        />
      </Form>
      <p className="flex flex-wrap gap-2">
        <LinkButton kind="primary" href={at({ new: 1 })}>
          增加{label}
        </LinkButton>
        <LinkButton href={of === null ? paths.titleScheme(code) : paths.titleSchemePart(code, 'fields', { at: of })}>
          返回
        </LinkButton>
      </p>
    </>
  )
}
