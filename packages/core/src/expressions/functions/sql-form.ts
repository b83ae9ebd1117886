// How a function is written in SQL.
export type SqlForm = unknown
