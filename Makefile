# Forwards to ./dev, which needs no make. Arguments: make test ARGS="-k purity"
verbs = setup demo test lint bench fuzz docs lock format help
.DEFAULT_GOAL = help
.PHONY: $(verbs)
$(verbs):
	@./dev $@ $(ARGS)
