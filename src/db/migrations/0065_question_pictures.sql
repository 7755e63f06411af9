-- Pictures of a question, in the order of its text. They come with a package of questions, each with words that say what
-- it shows; like the question they never change.
create table library.question_pictures (
  id          uuid primary key default uuidv7(),
  question_id uuid not null references library.questions,
  position    int not null check (position between 1 and 4),
  alt         text not null check (length(alt) between 1 and 500),
  storage_key text not null,
  media_type  text not null check (media_type in ('image/png', 'image/jpeg', 'image/gif', 'image/webp')),
  size_bytes  bigint not null check (size_bytes > 0),
  unique (question_id, position)
);
grant select, insert on library.question_pictures to skills_app;
