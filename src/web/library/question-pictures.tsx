import { paths } from '../paths.ts'

/** The pictures of a question, each with its words for those who cannot see it; in the bank the words are shown too. */
export function QuestionPictures({ of, words }: { of: readonly { id: string; alt: string }[]; words?: boolean }) {
  if (of.length === 0) return null
  return (
    <div className="question-pictures">
      {of.map(({ id, alt }) =>
        words ? (
          <figure key={id}>
            <img src={paths.questionPicture(id)} alt={alt} loading="lazy" />
            <figcaption>替代文字：{alt}</figcaption>
          </figure>
        ) : (
          <img key={id} src={paths.questionPicture(id)} alt={alt} />
        ),
      )}
    </div>
  )
}
