"""What if the inputs were different: changes of features, re-scored by the model that a run kept.

change, change_words, features    what is changed, how an address spells it and people say it, and what can be changed
asked                             the question on its way to the job
applying, scoring, grouping, measuring, answering    the work, done in a child with the model at hand
result                            the answer as plain JSON, and read back
words, difference_words, notes, table, draw    the answer in words, as a table and as a picture
"""
