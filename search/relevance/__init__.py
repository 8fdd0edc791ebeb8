"""How well search finds what was asked for: judged queries, scores, and what stock analysis would have scored."""
