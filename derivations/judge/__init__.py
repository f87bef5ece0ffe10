"""The judge: somebody's forward and backward passes against the definition of an operation.

Reading order: verify (the question), claims (what is claimed), exactly (runs on exact numbers), trial (runs on floats,
in the situations of situations, with the truth of truth), contract (what else a caller relies on), judgement (one
claim); then what explains a failure: scene, edits, mistakes, scale, branches, symptoms, explain, diagnosis; last
conclusion, verdict and words.
"""
