-- Who looks at courses before they enter the library: a department's officer, or an expert from another organisation.
insert into auth.roles values ('library-reviewer', 'body'), ('library-expert', 'organisation');
