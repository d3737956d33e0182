"""Words of an instruction, quoted and escaped as Docker does (moby/buildkit: frontend/dockerfile/shell/lex.go)."""

from collections.abc import Iterator


def split_words(text: str, escape: str = "\\") -> Iterator[str]:
    """Yield the words of `text` as written, quotes kept; blanks inside quotes do not separate."""
    word: list[str] = []
    quote = ""
    position = 0
    while position < len(text):
        character = text[position]
        if character == escape and quote != "'" and position + 1 < len(text):
            word.append(text[position : position + 2])
            position += 2
            continue
        if quote:
            quote = "" if character == quote else quote
        elif character in "'\"":
            quote = character
        elif character in " \t":
            if word:
                yield "".join(word)
                word = []
            position += 1
            continue
        word.append(character)
        position += 1
    if word:
        yield "".join(word)


def unquoted(word: str, escape: str = "\\") -> str:
    """Return a word without its quotes and escapes."""
    if "'" not in word and '"' not in word and escape not in word:
        return word
    result: list[str] = []
    quote = ""
    position = 0
    while position < len(word):
        character = word[position]
        if character == escape and quote != "'" and position + 1 < len(word):
            following = word[position + 1]
            # inside double quotes only these are escaped (lex.go: processDoubleQuote)
            keep = quote == '"' and following not in {'"', "$", escape}
            result.append(character + following if keep else following)
            position += 2
            continue
        if quote:
            if character == quote:
                quote = ""
            else:
                result.append(character)
        elif character in "'\"":
            quote = character
        else:
            result.append(character)
        position += 1
    return "".join(result)


def key_values(text: str, escape: str = "\\") -> list[tuple[str, str]]:
    """Return the pairs of ENV and LABEL: `A=b "C D"=e`, or the old form `A the rest`."""
    words = list(split_words(text, escape))
    if words and "=" not in words[0]:
        name = words[0]
        rest = text.split(name, 1)[1].strip()
        return [(unquoted(name, escape), unquoted(rest, escape) if rest[:1] in "'\"" else rest)]
    pairs = (word.partition("=") for word in words)
    return [(unquoted(name, escape), unquoted(value, escape)) for name, _, value in pairs]
