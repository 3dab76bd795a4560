"""Drawing 绘制: a place's schematic map from its tree (``areas.csv``) and a small plan (``plan.toml``)."""
