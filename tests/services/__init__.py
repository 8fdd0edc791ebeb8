"""The real servers that tests run against: started when first needed, shared by all test processes, stopped after the
last.
"""
