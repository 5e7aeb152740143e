"""Tests of the whole: a real Home Assistant and both simulated clouds, each as a process.

`script/demo --check` and `script/demo --story --check` run them; plain pytest leaves them out.
"""
