"""Markdown to safe, accessible HTML: pure, without database or web.

``rendering.render`` is the door. Markdown is parsed (``parser``), its tokens are put in order by small rules
(``raw``, ``headings``, ``links``, ``blocks``), drawn (``drawing``, ``formulas``, ``listings``) and, last of all,
sanitised (``sanitising``): what a formula or a rule let through by mistake dies there.
"""
