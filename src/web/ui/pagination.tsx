import { LinkButton } from './button.tsx'

/** Cursor pages: earlier and later, how many there are if that is known, no page numbers to lie about. */
export function Pagination(props: {
  label?: string
  previous?: string | null
  next?: string | null
  shown: number
  total?: number
}) {
  return (
    <nav className="pages" aria-label={props.label ?? '翻页'}>
      <p>
        本页 {props.shown} 条{props.total !== undefined && `，共 ${props.total.toLocaleString('zh-CN')} 条`}
      </p>
      <div>
        {props.previous && <LinkButton href={props.previous}>上一页</LinkButton>}
        {props.next && <LinkButton href={props.next}>下一页</LinkButton>}
      </div>
    </nav>
  )
}
