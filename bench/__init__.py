"""How long does it take, as ratios that hold on other machines, too?"""
