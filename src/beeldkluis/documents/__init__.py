"""PDF documents (PDF/A and PDF/UA) from facts. Pure: no Django, no database, no clock."""
