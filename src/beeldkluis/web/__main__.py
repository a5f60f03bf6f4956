from beeldkluis.web.command import main

main()
