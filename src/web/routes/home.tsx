export const meta = () => [{ title: '海珠区职业培训云平台' }]

export default function Home() {
  return <h1>海珠区职业培训云平台</h1>
}
