"""Cards, actions, rules, the table state and the hand evaluator."""
