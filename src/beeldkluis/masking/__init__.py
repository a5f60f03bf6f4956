"""What must be covered in a film: found by detectors, followed from picture to picture, covered in a new film. Pure: no Django,
no database, no network; nothing here knows who anybody is.
"""
