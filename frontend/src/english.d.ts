/** English texts of lists that may be read before any text is loaded; inserted by the build. */
declare const ENGLISH: Partial<Record<string, string>>;
