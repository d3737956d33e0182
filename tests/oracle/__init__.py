"""A second, slow matcher that shares no code with the product: it reads the advisory documents and gives verdicts.

The reference for precision and recall: `matcher.Reference` answers for one package from the original documents,
`compare` holds the product's report against it. Written from the rules alone, before the product's matcher was read.
"""
