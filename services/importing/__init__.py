"""Importing 导入: files of other offices become matters, areas, organisations, venues, offices and forums."""
